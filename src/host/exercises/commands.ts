import * as vscode from 'vscode';
import type { Exercise, ExerciseVerdict } from '../../protocol/exercise';
import type { Lesson } from '../../protocol/lesson';
import type { App } from '../app/app';
import { execute, type CommandHandlers } from '../app/commands';
import { activeFile } from '../app/documents';
import { withCancellableProgress } from '../app/progress';
import type { ExerciseReference, LessonReference } from '../app/subjects';
import type { LessonLibrary } from '../state/library';
import type { ExerciseCatalogue, LessonExercises } from '../state/exercises';
import type { LearnerProgress } from '../state/progress';
import type { Stage } from '../state/stage';
import { putAnswer, showAnswer } from './edits';
import { exerciseIdOf, type AnswerHomes } from './homes';
import { openTask } from './tasks';
import type { ExerciseTests } from './tests';
import { maySeeSolution } from './texts';

interface Services {
  readonly app: App;
  readonly library: LessonLibrary;
  readonly catalogue: ExerciseCatalogue;
  readonly progress: LearnerProgress;
  readonly homes: AnswerHomes;
  readonly tests: ExerciseTests;
  readonly stage: Stage;
}

interface Chosen {
  readonly lesson: Lesson;
  readonly exercise: Exercise;
}

/** Check, hint, solution and reset of exercises; export and reset of progress. */
export function exerciseCommands({
  app,
  library,
  catalogue,
  progress,
  homes,
  tests,
  stage,
}: Services): Pick<
  CommandHandlers,
  | 'deepLearningLab.checkExercise'
  | 'deepLearningLab.checkExercises'
  | 'deepLearningLab.showChecks'
  | 'deepLearningLab.openExercise'
  | 'deepLearningLab.openTask'
  | 'deepLearningLab.showHint'
  | 'deepLearningLab.showSolution'
  | 'deepLearningLab.resetExercise'
  | 'deepLearningLab.exportProgress'
  | 'deepLearningLab.resetProgress'
> {
  const choose = async (given: ExerciseReference | undefined): Promise<Chosen | undefined> => {
    if (given !== undefined) return await catalogue.find(given.lesson, given.exercise);
    return (await atCursor(catalogue, homes)) ?? (await pick(catalogue));
  };
  /** The card of the exercise, in the panel with its lesson. */
  const showChecks = async ({ lesson, exercise }: Chosen): Promise<void> => {
    if (stage.lessonShown !== lesson.id) await execute('deepLearningLab.openPanel', catalogue.modelFileOf(lesson));
    stage.revealExercise(exercise.id);
  };

  return {
    'deepLearningLab.checkExercise': async (given) => {
      if (!app.trust.allows()) return;
      const chosen = await choose(given);
      if (chosen === undefined) return;
      await library.workingCopy(chosen.lesson);
      const [verdict] = await checked(tests, [chosen.exercise], chosen.exercise.title);
      // The reason is at the function, and below a cell; a model file has room beside it for all of them.
      if (verdict?.passed === false && chosen.exercise.home === 'model') await showChecks(chosen);
    },
    'deepLearningLab.showChecks': async (given) => {
      const chosen = await choose(given);
      if (chosen !== undefined) await showChecks(chosen);
    },
    'deepLearningLab.checkExercises': async (given) => {
      if (!app.trust.allows()) return;
      const own = await lessonOf(catalogue, given);
      if (own === undefined) return;
      await library.workingCopy(own.lesson);
      await checked(tests, own.exercises, own.lesson.title);
    },
    'deepLearningLab.openExercise': async (given) => {
      const chosen = await choose(given);
      if (chosen === undefined || !app.trust.allows()) return;
      const { document } = await homes.open(chosen.lesson, chosen.exercise);
      await showAnswer(document, chosen.exercise);
    },
    'deepLearningLab.openTask': async (given) => {
      const chosen = await choose(given);
      if (chosen !== undefined) await openTask(chosen.exercise);
    },
    'deepLearningLab.showHint': async (given) => {
      const chosen = await choose(given);
      if (chosen !== undefined) await showHint(progress, chosen.exercise);
    },
    'deepLearningLab.showSolution': async (given) => {
      const chosen = await choose(given);
      if (chosen === undefined || !app.trust.allows()) return;
      const { exercise, lesson } = chosen;
      if (!(await maySolve(progress, exercise))) return;
      const { solutionOf } = await import('../../client/exercises/given');
      const { document } = await homes.open(lesson, exercise);
      const backup = await putAnswer(app.lab(), document, exercise, await solutionOf(exercise));
      await progress.update(exercise, (before) => ({ ...before, solutionAt: new Date().toISOString() }));
      tellBackup(vscode.l10n.t('The solution of “{0}” is in place.', exercise.title), backup);
    },
    'deepLearningLab.resetExercise': async (given) => {
      const chosen = await choose(given);
      if (chosen === undefined || !app.trust.allows()) return;
      const { exercise, lesson } = chosen;
      if (!(await confirmed(vscode.l10n.t('Reset “{0}”?', exercise.title), vscode.l10n.t('Reset'), RESET_DETAIL())))
        return;
      const { stubOf } = await import('../../client/exercises/given');
      const stub = await stubOf(lesson, exercise);
      await homes.restore(lesson, exercise, stub);
      const { document } = await homes.open(lesson, exercise);
      const backup = await putAnswer(app.lab(), document, exercise, stub);
      tellBackup(vscode.l10n.t('“{0}” is as it began.', exercise.title), backup);
    },
    'deepLearningLab.exportProgress': async () => {
      const { progressAsCsv } = await import('../../client/exercises/progress');
      const all = await progress.all();
      const target = await vscode.window.showSaveDialog({
        defaultUri: vscode.Uri.joinPath(vscode.Uri.file(app.lab().root), 'progress.csv'),
        filters: { CSV: ['csv'], JSON: ['json'] },
      });
      if (target === undefined) return;
      const text = target.path.endsWith('.json') ? `${JSON.stringify(all, null, 2)}\n` : progressAsCsv(all);
      await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    },
    'deepLearningLab.resetProgress': async () => {
      const question = vscode.l10n.t('Forget the progress of all exercises?');
      const detail = vscode.l10n.t('Passes, dates and hints are forgotten. Your code stays as it is.');
      if (await confirmed(question, vscode.l10n.t('Forget'), detail)) await progress.forget();
    },
  };
}

const RESET_DETAIL = (): string =>
  vscode.l10n.t(
    'Only this exercise’s declaration gets its first text; your version is kept as a backup. You can undo it.',
  );

async function checked(
  tests: ExerciseTests,
  exercises: readonly Exercise[],
  title: string,
): Promise<readonly ExerciseVerdict[]> {
  return await withCancellableProgress(vscode.l10n.t('Checking “{0}”', title), async (_report, token) => {
    const verdicts = await tests.check(exercises, token);
    if (verdicts.length > 0 && verdicts.every(({ passed }) => passed)) {
      void vscode.window.showInformationMessage(vscode.l10n.t('“{0}”: all checks passed.', title));
    }
    return verdicts;
  });
}

/** The next hint; after the last one, the first again. */
async function showHint(progress: LearnerProgress, exercise: Exercise): Promise<void> {
  const count = exercise.hints.length;
  const shown = progress.of(exercise).hints;
  const index = shown >= count ? 0 : shown;
  for (let at = index; ; at = (at + 1) % count) {
    await progress.update(exercise, (before) => ({ ...before, hints: Math.max(before.hints, at + 1) }));
    const next = vscode.l10n.t('Next Hint');
    const text = vscode.l10n.t('Hint {0} of {1}: {2}', at + 1, count, exercise.hints[at] ?? '');
    const chosen = await vscode.window.showInformationMessage(text, ...(at + 1 < count ? [next] : []));
    if (chosen !== next) return;
  }
}

async function maySolve(progress: LearnerProgress, exercise: Exercise): Promise<boolean> {
  if (!maySeeSolution(exercise, progress.of(exercise))) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'The solution can be had after a pass, or when all {0} hints have been shown.',
        exercise.hints.length,
      ),
    );
    return false;
  }
  return await confirmed(
    vscode.l10n.t('Put the solution of “{0}” in place of your code?', exercise.title),
    vscode.l10n.t('Show Solution'),
    vscode.l10n.t('Your version is kept as a backup. You can undo it.'),
  );
}

async function confirmed(question: string, yes: string, detail: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}

function tellBackup(message: string, backup: string | undefined): void {
  const kept =
    backup === undefined
      ? ''
      : ` ${vscode.l10n.t('Your version is kept in {0}.', vscode.workspace.asRelativePath(backup))}`;
  void vscode.window.showInformationMessage(message + kept);
}

/** The exercise in whose declaration the cursor is, or that the selected cell names. */
async function atCursor(catalogue: ExerciseCatalogue, homes: AnswerHomes): Promise<Chosen | undefined> {
  await catalogue.all();
  const { activeNotebookEditor, activeTextEditor } = vscode.window;
  const cell = activeNotebookEditor?.notebook.cellAt(activeNotebookEditor.selection.start);
  const file = cell?.notebook.uri.fsPath ?? activeTextEditor?.document.uri.fsPath;
  const known = file === undefined ? undefined : catalogue.known(file);
  if (known === undefined) return undefined;
  const exercise =
    cell === undefined
      ? await declaredAtCursor(homes, activeTextEditor)
      : known.exercises.find(({ id }) => id === exerciseIdOf(cell));
  return exercise === undefined ? undefined : { lesson: known.lesson, exercise };
}

async function declaredAtCursor(
  homes: AnswerHomes,
  editor: vscode.TextEditor | undefined,
): Promise<Exercise | undefined> {
  if (editor === undefined) return undefined;
  const { declarationOf } = await import('../../client/exercises/answer');
  const line = editor.selection.active.line + 1;
  return homes.in(editor.document).find(({ name }) => {
    const range = declarationOf(editor.document.getText(), name)?.range;
    return range !== undefined && range.start.line <= line && line <= range.end.line;
  });
}

async function pick(catalogue: ExerciseCatalogue): Promise<Chosen | undefined> {
  const items = (await catalogue.all()).flatMap(({ lesson, exercises }) =>
    exercises.map((exercise) => ({ label: exercise.title, description: lesson.title, lesson, exercise })),
  );
  return await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose an exercise') });
}

/** By reference, by the active editor, else by asking. */
async function lessonOf(
  catalogue: ExerciseCatalogue,
  given: LessonReference | undefined,
): Promise<LessonExercises | undefined> {
  const all = await catalogue.all();
  const file = given !== undefined && 'file' in given ? given.file : activeFile();
  const known =
    given !== undefined && 'id' in given
      ? all.find(({ lesson }) => lesson.id === given.id)
      : file === undefined
        ? undefined
        : catalogue.known(file);
  if (known !== undefined) return known;
  const items = all.map((own) => ({ label: own.lesson.title, own }));
  const placeHolder = vscode.l10n.t('Choose a lesson to check');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.own;
}
