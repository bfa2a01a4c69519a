import * as vscode from 'vscode';
import type { CheckVerdict, Exercise, ExerciseVerdict } from '../../protocol/exercise';
import type { Lesson } from '../../protocol/lesson';
import { unsavedText } from '../app/documents';
import type { App } from '../app/app';
import type { LessonLibrary } from '../state/library';
import { ownData } from '../state/options';
import type { LearnerProgress } from '../state/progress';
import type { Workers } from '../state/workers';
import type { Answers } from './answers';

interface Services {
  readonly app: App;
  readonly library: LessonLibrary;
  readonly progress: LearnerProgress;
  readonly workers: Workers;
  readonly answers: Answers;
}

/** The one way to check exercises in this window. */
export class Grading {
  private readonly changed = new vscode.EventEmitter<Exercise>();
  /** What is being checked, with the verdicts so far. */
  private readonly running = new Map<string, CheckVerdict[]>();

  /** A check began, has a verdict more, or is over. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly services: Services) {
    services.app.lifetime.add(this.changed);
  }

  /** The verdicts so far of an exercise that is being checked; undefined: it is not. */
  soFar(exercise: Exercise): readonly CheckVerdict[] | undefined {
    return this.running.get(idOf(exercise));
  }

  /**
   * Grades what the editor shows, saved or not, when what was asked for before is graded. The verdict is kept.
   * @throws LabError ENGINE_*, TRAINER_*, CANCELLED
   */
  async check(
    lesson: Lesson,
    exercise: Exercise,
    token: vscode.CancellationToken,
    onVerdict: (verdict: CheckVerdict) => void = () => undefined,
  ): Promise<ExerciseVerdict> {
    const { library, progress, workers, answers } = this.services;
    const { grade } = await import('../../client/exercises/grade');
    const { afterVerdict } = await import('../../client/exercises/progress');
    const { modelFile } = await library.workingCopy(lesson);
    const controller = new AbortController();
    const stop = (): void => {
      controller.abort();
    };
    const subscription = token.onCancellationRequested(stop);
    if (token.isCancellationRequested) stop();
    const verdicts: CheckVerdict[] = [];
    this.running.set(idOf(exercise), verdicts);
    this.changed.fire(exercise);
    try {
      const source = unsavedText(modelFile);
      const verdict = await grade(
        { exercise, modelFile, ...ownData(), ...(source === undefined ? {} : { source }) },
        {
          worker: await workers.of(modelFile, 'grading'),
          signal: controller.signal,
          onVerdict: (one) => {
            verdicts.push(one);
            this.changed.fire(exercise);
            onVerdict(one);
          },
        },
      );
      // What was graded is what stands there, unless somebody goes on typing.
      await answers.look();
      await progress.update(exercise, (before) => afterVerdict(before, verdict));
      return verdict;
    } finally {
      subscription.dispose();
      if (this.running.get(idOf(exercise)) === verdicts) this.running.delete(idOf(exercise));
      this.changed.fire(exercise);
    }
  }
}

const idOf = ({ lesson, id }: Exercise): string => `${lesson}/${id}`;
