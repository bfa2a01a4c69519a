import path from 'node:path';
import * as vscode from 'vscode';
import { resetWorkingCopy, workingCopyOf, type WorkingCopy } from '../../client/lessons/workingCopy';
import { exerciseOf } from '../../notebook/document';
import { layoutOf } from '../../notebook/metadata';
import { LabError } from '../../protocol/errors';
import type { Lesson } from '../../protocol/lesson';
import type { App } from '../app/app';
import { execute, type CommandHandlers } from '../app/commands';
import { NOTEBOOK_TYPE } from '../app/manifest';
import { isModelFile } from '../app/documents';
import type { LessonReference } from '../app/subjects';
import type { ModelDiagnostics } from '../diagnostics/modelDiagnostics';
import type { Launcher } from '../training/launcher';
import type { LessonLibrary } from '../state/library';
import { isLanguageModelThere } from './languageModel';
import { lessonInSight, pickLesson } from './pick';
import { showModel } from './showModel';
import type { Stage } from '../state/stage';
import type { LessonStates } from './states';

interface Services {
  readonly app: App;
  readonly library: LessonLibrary;
  readonly states: LessonStates;
  readonly stage: Stage;
  readonly launcher: Launcher;
  readonly diagnostics: ModelDiagnostics;
}

/** Run, open and reset lessons; run any model file. */
export function lessonCommands({
  app,
  library,
  states,
  stage,
  launcher,
  diagnostics,
}: Services): Pick<
  CommandHandlers,
  | 'deepLearningLab.runLesson'
  | 'deepLearningLab.runModelFile'
  | 'deepLearningLab.openLesson'
  | 'deepLearningLab.openLessonModel'
  | 'deepLearningLab.resetLesson'
  | 'deepLearningLab.refreshLessons'
> {
  const known = async (given: LessonReference | undefined): Promise<Lesson | undefined> => {
    if (given === undefined) return undefined;
    return 'id' in given ? await library.byId(given.id) : await library.ofFile(given.file);
  };
  /** Without one that is known the user is asked. */
  const lessonOf = async (given: LessonReference | undefined, question: string): Promise<Lesson | undefined> =>
    (await known(given)) ?? (await pickLesson(library, states, question));
  /** The one in sight: that of the active editor, else the panel's, else the one that was last looked at. */
  const inSight = async (): Promise<Lesson | undefined> => {
    const shown = stage.lessonShown;
    return (await lessonInSight(library)) ?? (shown === undefined ? undefined : library.known(shown)) ?? library.last;
  };

  const runLesson = async (lesson: Lesson): Promise<void> => {
    const { modelFile } = await library.workingCopy(lesson);
    const opened = showModel(modelFile);
    if (lesson.needsLanguageModel && !(await isLanguageModelThere(app))) {
      await opened;
      await execute('deepLearningLab.getLanguageModel');
      return;
    }
    await Promise.all([opened, launcher.run({ modelFile, title: lesson.title, lesson: lesson.id, opened })]);
  };

  return {
    'deepLearningLab.runLesson': async (given) => {
      if (!app.trust.allows()) return;
      const lesson = await lessonOf(given, vscode.l10n.t('Choose a lesson to run'));
      if (lesson !== undefined) await runLesson(lesson);
    },
    'deepLearningLab.runModelFile': async (given) => {
      if (!app.trust.allows()) return;
      const modelFile = modelFileOf(given);
      const lesson = await library.ofFile(modelFile);
      const own = lesson !== undefined && workingCopyOf(app.lab(), lesson).modelFile === modelFile;
      await launcher.run({
        modelFile,
        title: own ? lesson.title : path.basename(modelFile),
        ...(lesson === undefined ? {} : { lesson: lesson.id }),
      });
    },
    'deepLearningLab.openLesson': async (given) => {
      const lesson =
        (await known(given)) ??
        (await inSight()) ??
        (await pickLesson(library, states, vscode.l10n.t('Choose a lesson to open')));
      if (lesson === undefined) return;
      library.last = lesson;
      if (vscode.workspace.isTrusted) await showNotebook((await library.workingCopy(lesson)).notebook);
      else await readNotebook(lesson.notebook);
      if (given !== undefined && 'exercise' in given) revealExercise(given.exercise);
    },
    'deepLearningLab.openLessonModel': async (given) => {
      const lesson = await lessonOf(given, vscode.l10n.t('Choose a lesson to edit'));
      if (lesson === undefined || !app.trust.allows()) return;
      await showModel((await library.workingCopy(lesson)).modelFile);
    },
    'deepLearningLab.resetLesson': async (given) => {
      if (!app.trust.allows()) return;
      const lesson = await lessonOf(given, vscode.l10n.t('Choose a lesson to reset'));
      if (lesson === undefined || !(await confirmReset(lesson))) return;
      await saveOpenFiles(workingCopyOf(app.lab(), lesson));
      const { files, backup } = await resetWorkingCopy(app.lab(), lesson);
      const { modelFile } = await library.workingCopy(lesson);
      diagnostics.clear(modelFile);
      await tellReset(lesson, files.length, backup);
    },
    'deepLearningLab.refreshLessons': () => {
      library.refresh();
    },
  };
}

async function showNotebook(file: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), NOTEBOOK_TYPE, {
    viewColumn: vscode.ViewColumn.One,
    preview: false,
  });
}

/** Brings the cell whose fence names the exercise into view, chosen. */
function revealExercise(exercise: string | undefined): void {
  const editor = vscode.window.activeNotebookEditor;
  const cell = editor?.notebook
    .getCells()
    .find(({ metadata }) => exerciseOf(layoutOf(metadata)?.open ?? '') === exercise);
  if (editor === undefined || cell === undefined) return;
  const range = new vscode.NotebookRange(cell.index, cell.index + 1);
  editor.selection = range;
  editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
}

/** In a workspace that is not trusted nothing is written: the lesson's own notebook is shown, which nobody edits. */
async function readNotebook(file: string): Promise<void> {
  await showNotebook(file);
  await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
}

/** The file that was given, or the one in the active editor. @throws LabError MODEL_FILE_NOT_SHOWN */
function modelFileOf(given: string | undefined): string {
  if (given !== undefined) return given;
  const document = vscode.window.activeTextEditor?.document;
  if (document !== undefined && isModelFile(document)) return document.uri.fsPath;
  throw new LabError({
    code: 'MODEL_FILE_NOT_SHOWN',
    message: vscode.l10n.t('The active editor shows no model file.'),
    expected: vscode.l10n.t("a TypeScript file that imports from 'deep-learning-lab' and has a default export"),
    remedy: vscode.l10n.t('Open a model file on disk, or use Run Lesson.'),
  });
}

async function confirmReset(lesson: Lesson): Promise<boolean> {
  const reset = vscode.l10n.t('Reset');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Reset “{0}”?', lesson.title),
    {
      modal: true,
      detail: vscode.l10n.t(
        'The lesson’s files get their original text. What you have changed is kept as a backup; runs and files of your own stay.',
      ),
    },
    reset,
  );
  return chosen === reset;
}

/** What is typed and not saved belongs into the backup, too. */
async function saveOpenFiles({ folder }: WorkingCopy): Promise<void> {
  const lies = ({ scheme, fsPath }: vscode.Uri): boolean => scheme === 'file' && fsPath.startsWith(folder + path.sep);
  for (const document of [...vscode.workspace.textDocuments, ...vscode.workspace.notebookDocuments]) {
    if (document.isDirty && lies(document.uri)) await document.save();
  }
}

async function tellReset(lesson: Lesson, files: number, backup: string | undefined): Promise<void> {
  if (files === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('“{0}” is as it was: nothing had changed.', lesson.title));
    return;
  }
  if (backup === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('“{0}” has been reset.', lesson.title));
    return;
  }
  const show = vscode.l10n.t('Show Backup');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      '“{0}” has been reset. Your version is kept in {1}.',
      lesson.title,
      vscode.workspace.asRelativePath(backup),
    ),
    show,
  );
  if (chosen === show) await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(backup));
}
