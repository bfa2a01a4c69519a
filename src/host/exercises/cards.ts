import type { Exercise } from '../../protocol/exercise';
import type { ExerciseCard } from '../../protocol/panel';
import type { App } from '../app/app';
import type { LabPanel } from '../panel/panel';
import type { ExerciseBook } from './book';
import { maySeeSolution } from './texts';

/** The exercises of the lesson whose run the panel shows, as cards in it. */
export function showExerciseCards(app: App, book: ExerciseBook, panel: LabPanel): void {
  const cards = async (lesson: string): Promise<readonly ExerciseCard[]> => {
    const own = (await book.all()).find((candidate) => candidate.lesson.id === lesson);
    return (own?.exercises ?? []).map((exercise) => cardOf(exercise, book));
  };
  const show = (): void => {
    panel.showExercises(cards).catch((error: unknown) => {
      app.errors.show(error);
    });
  };
  app.lifetime.add(book.onDidChange(show));
  show();
}

function cardOf(exercise: Exercise, book: ExerciseBook): ExerciseCard {
  const progress = book.progressOf(exercise);
  const { last, passedAt } = progress;
  const known = last === undefined ? 'untried' : last.passed ? 'passed' : 'failed';
  return {
    lesson: exercise.lesson,
    exercise: exercise.id,
    title: exercise.title,
    name: exercise.name,
    minutes: exercise.minutes,
    state: book.isRunning(exercise) ? 'checking' : known,
    ...(passedAt === undefined ? {} : { passedAt }),
    changed: book.isChanged(exercise),
    // An update may have brought other checks; the verdicts of those that are gone go with them.
    checks: exercise.checks.map((check) => last?.checks.find(({ id }) => id === check.id) ?? check),
    ...(last?.error === undefined ? {} : { error: last.error }),
    hints: exercise.hints.slice(0, progress.hints),
    hintCount: exercise.hints.length,
    read: exercise.read,
    maySeeSolution: maySeeSolution(exercise, progress),
  };
}
