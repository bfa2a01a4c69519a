import * as vscode from 'vscode';
import type { Exercise } from '../../protocol/exercise';
import type { Lesson } from '../../protocol/lesson';
import type { App } from '../app/app';
import type { CommandTable } from '../app/commands';
import { withCancellableProgress } from '../app/progress';
import type { LessonLibrary } from '../state/library';
import type { ExerciseBook, LessonExercises } from './book';
import { putAnswer, showAnswer } from './edits';
import { openTask } from './tasks';
import type { ExerciseTests } from './tests';
import { maySeeSolution } from './texts';

interface Services {
  readonly app: App;
  readonly library: LessonLibrary;
  readonly book: ExerciseBook;
  readonly tests: ExerciseTests;
}

interface Chosen {
  readonly lesson: Lesson;
  readonly exercise: Exercise;
}

/** Check, hint, solution and reset of exercises; export and reset of progress. */
export function exerciseCommands({
  app,
  library,
  book,
  tests,
}: Services): Pick<
  CommandTable,
  | 'deepLearningLab.checkExercise'
  | 'deepLearningLab.checkExercises'
  | 'deepLearningLab.openExercise'
  | 'deepLearningLab.openTask'
  | 'deepLearningLab.showHint'
  | 'deepLearningLab.showSolution'
  | 'deepLearningLab.resetExercise'
  | 'deepLearningLab.exportProgress'
  | 'deepLearningLab.resetProgress'
> {
  const choose = async (argument: unknown): Promise<Chosen | undefined> => {
    const known = isReference(argument) ? argument : ofTestItem(argument);
    if (known !== undefined) return await book.find(known.lesson, known.exercise);
    return (await atCursor(book)) ?? (await pick(book));
  };
  const document = async (lesson: Lesson): Promise<vscode.TextDocument> => {
    const { modelFile } = await library.workingCopy(lesson);
    return await vscode.workspace.openTextDocument(vscode.Uri.file(modelFile));
  };

  return {
    'deepLearningLab.checkExercise': async (argument) => {
      if (!app.trust.allows()) return;
      const chosen = await choose(argument);
      if (chosen === undefined) return;
      await document(chosen.lesson);
      await checked(tests, [chosen.exercise], chosen.exercise.title);
    },
    'deepLearningLab.checkExercises': async (argument) => {
      if (!app.trust.allows()) return;
      const own = await lessonOf(book, argument);
      if (own === undefined) return;
      await document(own.lesson);
      await checked(tests, own.exercises, own.lesson.title);
    },
    'deepLearningLab.openExercise': async (argument) => {
      const chosen = await choose(argument);
      if (chosen !== undefined && app.trust.allows()) await showAnswer(await document(chosen.lesson), chosen.exercise);
    },
    'deepLearningLab.openTask': async (argument) => {
      const chosen = await choose(argument);
      if (chosen !== undefined) await openTask(chosen.exercise);
    },
    'deepLearningLab.showHint': async (argument) => {
      const chosen = await choose(argument);
      if (chosen !== undefined) await showHint(book, chosen.exercise);
    },
    'deepLearningLab.showSolution': async (argument) => {
      const chosen = await choose(argument);
      if (chosen === undefined || !app.trust.allows()) return;
      const { exercise, lesson } = chosen;
      if (!(await maySolve(book, exercise))) return;
      const { solutionOf } = await import('../../client/exercises/answer');
      const { modelFile } = await library.workingCopy(lesson);
      const backup = await putAnswer(app.lab().backups, modelFile, exercise, await solutionOf(exercise));
      await book.update(exercise, (before) => ({ ...before, solutionAt: new Date().toISOString() }));
      tellBackup(vscode.l10n.t('The solution of “{0}” is in place.', exercise.title), backup);
    },
    'deepLearningLab.resetExercise': async (argument) => {
      const chosen = await choose(argument);
      if (chosen === undefined || !app.trust.allows()) return;
      const { exercise, lesson } = chosen;
      if (!(await confirmed(vscode.l10n.t('Reset “{0}”?', exercise.title), vscode.l10n.t('Reset'), RESET_DETAIL())))
        return;
      const { stubOf } = await import('../../client/exercises/answer');
      const { modelFile } = await library.workingCopy(lesson);
      const backup = await putAnswer(app.lab().backups, modelFile, exercise, await stubOf(lesson, exercise));
      tellBackup(vscode.l10n.t('“{0}” is as it began.', exercise.title), backup);
    },
    'deepLearningLab.exportProgress': async () => {
      const { progressAsCsv } = await import('../../client/exercises/progress');
      const all = await book.exported();
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
      if (await confirmed(question, vscode.l10n.t('Forget'), detail)) await book.forget();
    },
  };
}

const RESET_DETAIL = (): string =>
  vscode.l10n.t(
    'Only this exercise’s declaration gets its first text; your version is kept as a backup. You can undo it.',
  );

async function checked(tests: ExerciseTests, exercises: readonly Exercise[], title: string): Promise<void> {
  await withCancellableProgress(vscode.l10n.t('Checking “{0}”', title), async (_report, token) => {
    const verdicts = await tests.check(exercises, token);
    const open = verdicts.filter(({ passed }) => !passed).length;
    if (verdicts.length === 0 || open > 0) return; // the Test Explorer and the gutter say what is wrong
    void vscode.window.showInformationMessage(vscode.l10n.t('“{0}”: all checks passed.', title));
  });
}

/** The next hint; after the last one, the first again. */
async function showHint(book: ExerciseBook, exercise: Exercise): Promise<void> {
  const count = exercise.hints.length;
  const shown = book.progressOf(exercise).hints;
  const index = shown >= count ? 0 : shown;
  for (let at = index; ; at = (at + 1) % count) {
    await book.update(exercise, (before) => ({ ...before, hints: Math.max(before.hints, at + 1) }));
    const next = vscode.l10n.t('Next Hint');
    const text = vscode.l10n.t('Hint {0} of {1}: {2}', at + 1, count, exercise.hints[at] ?? '');
    const chosen = await vscode.window.showInformationMessage(text, ...(at + 1 < count ? [next] : []));
    if (chosen !== next) return;
  }
}

async function maySolve(book: ExerciseBook, exercise: Exercise): Promise<boolean> {
  const progress = book.progressOf(exercise);
  if (!maySeeSolution(exercise, progress)) {
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

interface Reference {
  readonly lesson: string;
  readonly exercise: string;
}

/** An item of the Test Explorer: "lesson/exercise" or "lesson/exercise/check". */
function ofTestItem(value: unknown): Reference | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'string') return undefined;
  const [lesson, exercise] = value.id.split('/');
  return lesson === undefined || exercise === undefined ? undefined : { lesson, exercise };
}

function isReference(value: unknown): value is Reference {
  if (typeof value !== 'object' || value === null || !('lesson' in value) || !('exercise' in value)) return false;
  return typeof value.lesson === 'string' && typeof value.exercise === 'string';
}

/** The exercise in whose declaration the cursor is. */
async function atCursor(book: ExerciseBook): Promise<Chosen | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  await book.all();
  const known = book.known(editor.document.uri.fsPath);
  if (known === undefined) return undefined;
  const { declarationOf } = await import('../../client/exercises/answer');
  const line = editor.selection.active.line + 1;
  const exercise = known.exercises.find(({ name }) => {
    const range = declarationOf(editor.document.getText(), name)?.range;
    return range !== undefined && range.start.line <= line && line <= range.end.line;
  });
  return exercise === undefined ? undefined : { lesson: known.lesson, exercise };
}

async function pick(book: ExerciseBook): Promise<Chosen | undefined> {
  const items = (await book.all()).flatMap(({ lesson, exercises }) =>
    exercises.map((exercise) => ({ label: exercise.title, description: lesson.title, lesson, exercise })),
  );
  return await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Choose an exercise') });
}

/** By id, by the active editor, else by asking. */
async function lessonOf(book: ExerciseBook, argument: unknown): Promise<LessonExercises | undefined> {
  const all = await book.all();
  const file = vscode.window.activeTextEditor?.document.uri.fsPath;
  const known =
    typeof argument === 'string'
      ? all.find(({ lesson }) => lesson.id === argument)
      : file === undefined
        ? undefined
        : book.known(file);
  if (known !== undefined) return known;
  const items = all.map((own) => ({ label: own.lesson.title, own }));
  const placeHolder = vscode.l10n.t('Choose a lesson to check');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.own;
}
