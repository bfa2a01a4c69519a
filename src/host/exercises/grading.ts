import path from 'node:path';
import * as vscode from 'vscode';
import type { SourceLocation } from '../../protocol/errors';
import type { CheckVerdict, Exercise, ExerciseVerdict } from '../../protocol/exercise';
import type { Lesson } from '../../protocol/lesson';
import type { App } from '../app/app';
import { ownData } from '../state/options';
import type { LearnerProgress } from '../state/progress';
import type { Workers } from '../state/workers';
import type { Answers } from './answers';
import type { AnswerHomes } from './homes';

interface Services {
  readonly app: App;
  readonly progress: LearnerProgress;
  readonly workers: Workers;
  readonly homes: AnswerHomes;
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
    const { homes, progress, workers, answers } = this.services;
    const { grade } = await import('../../client/exercises/grade');
    const { afterVerdict } = await import('../../client/exercises/progress');
    const { document, ...code } = await homes.open(lesson, exercise);
    const shown = shownIn(code.modelFile, document);
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
      // One process grades all exercises of a lesson, wherever their code stands.
      const graded = await grade(
        { exercise, ...code, ...ownData() },
        {
          worker: await workers.of(path.join(path.dirname(code.modelFile), lesson.model), 'grading'),
          signal: controller.signal,
          onVerdict: (one) => {
            const verdict = shown(one);
            verdicts.push(verdict);
            this.changed.fire(exercise);
            onVerdict(verdict);
          },
        },
      );
      const error = graded.error === undefined ? {} : { error: shown(graded.error) };
      const verdict = { ...graded, checks: graded.checks.map(shown), ...error };
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

/** Places in the graded file are those of the document that shows it: of a notebook, the cell. */
function shownIn(
  file: string,
  { uri }: vscode.TextDocument,
): <Told extends { readonly location?: SourceLocation }>(told: Told) => Told {
  return (told) => {
    const { location } = told;
    if (uri.scheme === 'file' || location?.file !== file) return told;
    return { ...told, location: { ...location, file: uri.toString() } };
  };
}

const idOf = ({ lesson, id }: Exercise): string => `${lesson}/${id}`;
