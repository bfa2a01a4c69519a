/** What exercises show: lenses, cards, the Test Explorer, reasons at the function, tasks as documents. */
import type { App } from '../app/app';
import type { ExerciseCatalogue } from '../state/exercises';
import type { LessonLibrary } from '../state/library';
import type { LearnerProgress } from '../state/progress';
import type { Stage } from '../state/stage';
import type { Workers } from '../state/workers';
import { Answers } from './answers';
import { showExerciseCards } from './cards';
import { showInCells } from './cellItems';
import { exerciseCommands } from './commands';
import { Grading } from './grading';
import { AnswerHomes } from './homes';
import { ExerciseLenses } from './lenses';
import { CheckReasons } from './reasons';
import { Standings } from './standing';
import { provideTasks } from './tasks';
import { ExerciseTests } from './tests';

interface Services {
  readonly app: App;
  readonly library: LessonLibrary;
  readonly catalogue: ExerciseCatalogue;
  readonly progress: LearnerProgress;
  readonly workers: Workers;
  readonly stage: Stage;
}

/** @returns their commands, and their lenses for whoever shows those of model files */
export function showExercises(services: Services): {
  readonly commands: ReturnType<typeof exerciseCommands>;
  readonly lenses: ExerciseLenses;
} {
  const { app, library, catalogue, progress } = services;
  const homes = new AnswerHomes(library, catalogue);
  const answers = new Answers(app, catalogue, homes, library);
  const grading = new Grading({ ...services, homes, answers });
  const standings = new Standings(app, catalogue, progress, grading, answers);
  const tests = new ExerciseTests({ app, library, catalogue, standings, grading });
  new CheckReasons(app, catalogue, homes, standings);
  showExerciseCards({ ...services, standings });
  provideTasks(app, catalogue);
  showInCells(app, catalogue, standings);
  return {
    commands: exerciseCommands({ ...services, homes, tests }),
    lenses: app.lifetime.add(new ExerciseLenses(catalogue, standings)),
  };
}
