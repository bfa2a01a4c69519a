/**
 * The model to compare with. It takes its steps on the batches of the main one, right after it, and shares nothing else
 * with it: weights, optimizer, random numbers and graphs are its own. When its loss is no number any more it ends, and
 * the training goes on without it.
 */
import { referenceName, validationName, type Metrics } from '../../protocol/run';
import type { Tensors } from '../compile';
import type { Fault } from '../errors';
import type { Rows } from './batches';
import type { Built } from './build';
import { evaluateSplit } from './evaluate';
import { Executor, type ExecutorOptions } from './executor';
import type { TrainingListener } from './listener';
import { Means } from './means';
import { LearningRate } from './learningRate';
import { disposeOptimizer, setLearningRate } from './optimizer';
import type { Randomness } from './randomness';
import type { ReferenceState } from './state';

export class Reference {
  private readonly executor: Executor;
  private readonly rate: LearningRate;
  private means = new Means();
  private ended: number | undefined;

  /** @param randomness of its own, from the run's seed, with which `built` was made */
  constructor(
    readonly built: Built,
    private readonly randomness: Randomness,
    options: ExecutorOptions,
    private readonly listeners: readonly TrainingListener[],
  ) {
    this.rate = new LearningRate(built.optimizer);
    this.executor = new Executor(built.learner, built.optimizer, options, (state) => {
      for (const listener of listeners) listener.executed?.(state, 'reference');
    });
  }

  beginEpoch(): void {
    this.means = new Means();
  }

  /** @returns what it measured, by the names that points have; nothing once it has ended */
  step(feeds: Tensors, step: number): Metrics {
    if (this.ended !== undefined) return {};
    const { values, batch, nonFinite } = this.randomness.during(() => this.executor.step(feeds, step));
    if (nonFinite !== undefined) {
      const { loss = Number.NaN } = values;
      this.finish(step);
      const fault: Fault = { code: 'NON_FINITE', step, loss, origin: nonFinite, learningRate: this.rate.current };
      for (const listener of this.listeners) listener.referenceEnded?.({ step, fault });
      return {};
    }
    this.means.add(batch);
    return named(values, referenceName);
  }

  /** Means over the epoch, and the same of the test data; undefined when `between` ended the pass. */
  async endEpoch(test: Rows | undefined, between: () => Promise<boolean>): Promise<Metrics | undefined> {
    if (this.ended !== undefined) return {};
    const train = named(this.means.values(), referenceName);
    if (test === undefined) return train;
    const validation = await evaluateSplit(this.executor, test, between);
    return validation === undefined
      ? undefined
      : { ...train, ...named(validation, (metric) => validationName(referenceName(metric))) };
  }

  /** Sets the rate of the next step. @param step batches done */
  beforeStep(step: number): void {
    if (this.ended === undefined) this.rate.beforeStep(step);
  }

  /** Follows the main model's rate, in proportion where the two differ. */
  changeRate(before: number, after: number, step: number): void {
    const own = this.rate.current;
    this.rate.change(own === before || before === 0 ? after : own * (after / before), step);
  }

  /** @param values of the run, by the names that points have */
  afterEpoch(values: Metrics): void {
    const loss = values[validationName(referenceName('loss'))] ?? values[referenceName('loss')];
    if (loss !== undefined) this.rate.afterEpoch({ val_loss: loss });
  }

  /** So many steps were done before. */
  begin(done: number): void {
    this.executor.begin(done);
  }

  /** Makes weights and optimizer state current: before anyone reads them. */
  sync(): void {
    this.executor.sync();
  }

  state(): ReferenceState {
    const ended = this.ended === undefined ? {} : { ended: this.ended };
    return { learningRate: this.rate.current, scheduled: this.rate.state(), random: this.randomness.state(), ...ended };
  }

  restore({ learningRate, scheduled, random, ended }: ReferenceState): void {
    setLearningRate(this.built.optimizer, learningRate);
    if (scheduled !== undefined) this.rate.restore(scheduled);
    this.randomness.restore(random);
    this.ended = ended;
  }

  /** Takes no more steps from this one on, e.g. because the checkpoint to resume from does not know it. */
  finish(step: number): void {
    this.ended = step;
  }

  dispose(): void {
    this.executor.dispose();
    this.built.learner.dispose();
    disposeOptimizer(this.built.optimizer);
  }
}

function named(values: Metrics, nameOf: (metric: string) => string): Metrics {
  return Object.fromEntries(Object.entries(values).map(([metric, value]) => [nameOf(metric), value]));
}
