import type { Exercise } from '../../protocol/exercise';
import type { ExerciseCard } from '../../protocol/panel';
import type { App } from '../app/app';
import type { ExerciseCatalogue } from '../state/exercises';
import type { LearnerProgress } from '../state/progress';
import type { Stage } from '../state/stage';
import type { Standing, Standings } from './standing';
import { maySeeSolution } from './texts';

interface Services {
  readonly app: App;
  readonly catalogue: ExerciseCatalogue;
  readonly progress: LearnerProgress;
  readonly standings: Standings;
  readonly stage: Stage;
}

/** The exercises of the lesson in the foreground, as cards beside its run. */
export function showExerciseCards({ app, catalogue, progress, standings, stage }: Services): void {
  const cards = async (lesson: string): Promise<readonly ExerciseCard[]> => {
    const exercises = await catalogue.ofLesson(lesson);
    await progress.ready();
    return exercises.map((exercise) => cardOf(exercise, standings.of(exercise)));
  };
  const show = (): void => {
    stage.showExercises(cards).catch((error: unknown) => {
      app.errors.show(error);
    });
  };
  app.lifetime.add(standings.onDidChange(show));
  show();
}

function cardOf(exercise: Exercise, { progress, running, changed }: Standing): ExerciseCard {
  const { last, passedAt } = progress;
  const known = last === undefined ? 'untried' : last.passed ? 'passed' : 'failed';
  // While it is checked, the verdicts so far; those of before say nothing of what is checked now.
  const verdicts = running ?? last?.checks ?? [];
  return {
    lesson: exercise.lesson,
    exercise: exercise.id,
    title: exercise.title,
    name: exercise.name,
    minutes: exercise.minutes,
    state: running === undefined ? known : 'checking',
    ...(passedAt === undefined ? {} : { passedAt }),
    changed: running === undefined && changed,
    // An update may have brought other checks; the verdicts of those that are gone go with them.
    checks: exercise.checks.map((check) => verdicts.find(({ id }) => id === check.id) ?? check),
    ...(running !== undefined || last?.error === undefined ? {} : { error: last.error }),
    hints: exercise.hints.slice(0, progress.hints),
    hintCount: exercise.hints.length,
    read: exercise.read,
    maySeeSolution: maySeeSolution(exercise, progress),
  };
}
