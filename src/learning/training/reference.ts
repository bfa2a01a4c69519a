/**
 * The model to compare with. It takes its steps on the batches of the main one, right after it, and shares nothing else
 * with it: weights, optimizer, random numbers and graphs are its own. When its loss is no number any more it ends, and
 * the training goes on without it.
 */
import { referenceName, validationName, type Metrics, type ReferenceEnd } from '../../protocol/run';
import type { CompileState, Tensors } from '../compile';
import type { Rows } from './batches';
import type { Built } from './build';
import { evaluateSplit } from './evaluate';
import { Executor, type ExecutorOptions } from './executor';
import type { NonFinite } from './learner';
import { Means } from './means';
import { disposeOptimizer, learningRate, setLearningRate } from './optimizer';
import type { Randomness } from './randomness';

export interface ReferenceState {
  readonly learningRate: number;
  readonly random: readonly number[];
  readonly end?: ReferenceEnd;
}

export interface ReferenceEvents {
  /** Makes the text; training itself knows none. */
  nonFinite(step: number, loss: number, origin: NonFinite, learningRate: number): ReferenceEnd;
  executed(state: CompileState): void;
}

export class Reference {
  private readonly executor: Executor;
  private means = new Means();
  private ended: ReferenceEnd | undefined;

  /** @param randomness of its own, from the run's seed, with which `built` was made */
  constructor(
    readonly built: Built,
    private readonly randomness: Randomness,
    options: ExecutorOptions,
    private readonly events: ReferenceEvents,
  ) {
    this.executor = new Executor(built.learner, built.optimizer, options, (state) => {
      events.executed(state);
    });
  }

  get end(): ReferenceEnd | undefined {
    return this.ended;
  }

  beginEpoch(): void {
    this.means = new Means();
  }

  /** @returns what it measured, by the names that points have; nothing once it has ended */
  step(feeds: Tensors, size: number, step: number): Metrics {
    if (this.ended !== undefined) return {};
    const { values, nonFinite } = this.randomness.during(() => this.executor.step(feeds, step));
    if (nonFinite !== undefined) {
      this.ended = this.events.nonFinite(step, values['loss'] ?? Number.NaN, nonFinite, this.rate);
      return {};
    }
    this.means.add(values, size);
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

  /** Follows the main model's rate, in proportion where the two differ. */
  changeRate(before: number, after: number): void {
    const own = this.rate;
    setLearningRate(this.built.optimizer, own === before || before === 0 ? after : own * (after / before));
  }

  /** Makes weights and optimizer state current: before anyone reads them. */
  sync(): void {
    this.executor.sync();
  }

  state(): ReferenceState {
    const end = this.ended === undefined ? {} : { end: this.ended };
    return { learningRate: this.rate, random: this.randomness.state(), ...end };
  }

  restore({ learningRate: rate, random, end }: ReferenceState): void {
    setLearningRate(this.built.optimizer, rate);
    this.randomness.restore(random);
    this.ended = end;
  }

  /** Takes no more steps, e.g. because the checkpoint to resume from does not know it. */
  finish(end: ReferenceEnd): void {
    this.ended = end;
  }

  dispose(): void {
    this.executor.dispose();
    this.built.learner.dispose();
    disposeOptimizer(this.built.optimizer);
  }

  private get rate(): number {
    return learningRate(this.built.optimizer) ?? 0;
  }
}

function named(values: Metrics, nameOf: (metric: string) => string): Metrics {
  return Object.fromEntries(Object.entries(values).map(([metric, value]) => [nameOf(metric), value]));
}
