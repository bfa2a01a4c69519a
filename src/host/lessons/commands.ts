import path from 'node:path';
import * as vscode from 'vscode';
import { resetWorkingCopy, workingCopyOf, type WorkingCopy } from '../../client/lessons/workingCopy';
import { LabError } from '../../protocol/errors';
import type { Lesson } from '../../protocol/lesson';
import type { App } from '../app/app';
import type { CommandTable } from '../app/commands';
import type { ModelDiagnostics } from '../diagnostics/modelDiagnostics';
import { isModelFile } from '../app/documents';
import type { Launcher } from '../training/launcher';
import type { LessonLibrary } from '../state/library';
import { pickLesson } from './pick';
import { LessonItem } from './tree';

/** Run, open and reset lessons; run any model file. */
export function lessonCommands(
  app: App,
  library: LessonLibrary,
  launcher: Launcher,
  diagnostics: ModelDiagnostics,
): Pick<
  CommandTable,
  | 'deepLearningLab.runLesson'
  | 'deepLearningLab.runModelFile'
  | 'deepLearningLab.openLessonText'
  | 'deepLearningLab.openLessonModel'
  | 'deepLearningLab.resetLesson'
  | 'deepLearningLab.refreshLessons'
> {
  /** A tree item, a lesson's id, a file of a working copy; without any of them the user is asked. */
  const lessonOf = async (argument: unknown, question: string): Promise<Lesson | undefined> => {
    if (argument instanceof LessonItem) return argument.lesson;
    if (argument instanceof vscode.Uri) {
      const lesson = await library.ofFile(argument.fsPath);
      if (lesson !== undefined) return lesson;
    }
    if (typeof argument === 'string' && argument !== '') return await library.byId(argument);
    return await pickLesson(library, question);
  };

  const runLesson = async (lesson: Lesson): Promise<void> => {
    const { modelFile } = await library.workingCopy(lesson);
    const opened = showModel(modelFile);
    await Promise.all([opened, launcher.run({ modelFile, title: lesson.title, lesson: lesson.id, opened })]);
  };

  return {
    'deepLearningLab.runLesson': async (argument) => {
      if (!app.trust.allows()) return;
      const lesson = await lessonOf(argument, vscode.l10n.t('Choose a lesson to run'));
      if (lesson !== undefined) await runLesson(lesson);
    },
    'deepLearningLab.runModelFile': async (argument) => {
      if (!app.trust.allows()) return;
      const modelFile = await modelFileOf(argument);
      const lesson = await library.ofFile(modelFile);
      const own = lesson !== undefined && workingCopyOf(app.lab(), lesson).modelFile === modelFile;
      await launcher.run({
        modelFile,
        title: own ? lesson.title : path.basename(modelFile),
        ...(lesson === undefined ? {} : { lesson: lesson.id }),
      });
    },
    'deepLearningLab.openLessonText': async (argument) => {
      const lesson = await lessonOf(argument, vscode.l10n.t('Choose a lesson to read'));
      if (lesson === undefined) return;
      await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.file(lesson.prose));
    },
    'deepLearningLab.openLessonModel': async (argument) => {
      const lesson = await lessonOf(argument, vscode.l10n.t('Choose a lesson to edit'));
      if (lesson === undefined || !app.trust.allows()) return;
      await showModel((await library.workingCopy(lesson)).modelFile);
    },
    'deepLearningLab.resetLesson': async (argument) => {
      if (!app.trust.allows()) return;
      const lesson = await lessonOf(argument, vscode.l10n.t('Choose a lesson to reset'));
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

async function showModel(modelFile: string): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(modelFile), {
    viewColumn: vscode.ViewColumn.One,
    preview: false,
  });
}

/** The file that was given, or the one in the active editor. @throws LabError MODEL_FILE_MISSING */
async function modelFileOf(argument: unknown): Promise<string> {
  if (typeof argument === 'string' && argument !== '') return argument;
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const document = uri === undefined ? undefined : await vscode.workspace.openTextDocument(uri);
  if (document !== undefined && isModelFile(document)) return document.uri.fsPath;
  throw new LabError({
    code: 'MODEL_FILE_MISSING',
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
  for (const document of vscode.workspace.textDocuments) {
    if (document.isDirty && document.uri.fsPath.startsWith(folder + path.sep)) await document.save();
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
