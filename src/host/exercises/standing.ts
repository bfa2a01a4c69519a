import * as vscode from 'vscode';
import type { CheckVerdict, Exercise, ExerciseProgress } from '../../protocol/exercise';
import type { App } from '../app/app';
import type { ExerciseCatalogue } from '../state/exercises';
import type { LearnerProgress } from '../state/progress';
import type { Answers } from './answers';
import type { Grading } from './grading';

/** Where the learner stands with one exercise. */
export interface Standing {
  readonly progress: ExerciseProgress;
  /** The verdicts so far of a check that is running. */
  readonly running: readonly CheckVerdict[] | undefined;
  /** The code is another than the one that was last checked. */
  readonly changed: boolean;
}

/** Progress, check and code of each exercise together, for all that show it. */
export class Standings {
  private readonly changed = new vscode.EventEmitter<Exercise | undefined>();

  /** That of an exercise is another; undefined: of any, or there are other exercises. */
  readonly onDidChange = this.changed.event;

  constructor(
    { lifetime }: App,
    catalogue: ExerciseCatalogue,
    private readonly progress: LearnerProgress,
    private readonly grading: Grading,
    private readonly answers: Answers,
  ) {
    lifetime.add(this.changed);
    const one = (exercise: Exercise | undefined): void => {
      this.changed.fire(exercise);
    };
    for (const source of [progress, grading, answers]) lifetime.add(source.onDidChange(one));
    lifetime.add(
      catalogue.onDidChange(() => {
        this.changed.fire(undefined);
      }),
    );
  }

  of(exercise: Exercise): Standing {
    const progress = this.progress.of(exercise);
    const { last } = progress;
    return {
      progress,
      running: this.grading.soFar(exercise),
      changed: last !== undefined && this.answers.differs(exercise, last.answer),
    };
  }
}
