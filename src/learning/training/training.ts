/**
 * A training put together: model, optimizer, executor, loop, and the model of `compareWith` beside it. Whoever wants to
 * know what happens listens: a run's journal and pictures, a check of an exercise, a study of sizes.
 *
 *   const training = await Training.create({ experiment, data, epochs, compile: true, control });
 *   training.listen({ point: (point) => … });
 *   try { const reason = await training.run(); } finally { training.dispose(); }
 */
import type { Splits } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import type { EndReason, RunProgress } from '../../protocol/run';
import type { Rows } from './batches';
import { withFrozen, withModels } from './asyncModels';
import { build, type Built } from './build';
import { BestWeights } from './best';
import { comparedExperiment, refuseShared } from './comparison';
import { Executor, type ExecutorOptions } from './executor';
import { TrainingLoop, type LoopControl, type LoopSettings } from './loop';
import type { TrainingListener } from './listener';
import { disposeOptimizer } from './optimizer';
import { Randomness } from './randomness';
import { Reference } from './reference';
import type { TrainingState } from './state';
import { Stopwatch } from './stopwatch';
import { checkTargets, checkTokens } from './tokens';

const DEFAULT_SEED = 1;

export type Data = Splits;

export interface TrainingOptions
  extends Pick<LoopSettings, 'epochs' | 'validation'>, Pick<ExecutorOptions, 'compile' | 'effects'> {
  readonly experiment: Experiment;
  readonly data: Data;
  readonly control: LoopControl;
  /**
   * Whether all that the experiment says of its training counts: the model of `compareWith` is trained beside, and
   * `stopWhen` ends it. Default false: its model alone, for as many epochs as given.
   */
  readonly whole?: boolean;
  /** Awaited when the first step is about to be taken; what it throws ends the training. */
  readonly ready?: (training: Training, train: Rows) => Promise<void>;
  /** Milliseconds, monotonic. Default performance.now. */
  readonly now?: () => number;
}

export class Training {
  readonly built: Built;
  readonly executor: Executor;
  /** The model of `compareWith`, where it is trained beside. */
  readonly reference: Reference | undefined;
  private readonly listeners: TrainingListener[] = [];
  private readonly loop: TrainingLoop;
  private readonly best: BestWeights | undefined;
  private disposed = false;

  /** As the constructor, for an experiment whose models may be async. */
  static async create(options: TrainingOptions): Promise<Training> {
    const { experiment, whole = false } = options;
    return new Training({
      ...options,
      experiment: await withFrozen(await withModels(experiment, seedOf(experiment), whole)),
    });
  }

  /** Builds the models. @throws what the learner's code throws, and LearningError; nothing is left behind then */
  constructor({
    experiment,
    data,
    compile,
    effects,
    control,
    whole = false,
    ready,
    now = () => performance.now(),
    ...settings
  }: TrainingOptions) {
    const seed = seedOf(experiment);
    const execution = { seed, compile, effects, augment: experiment.augment };
    const randomness = new Randomness(seed);
    const { listeners } = this;
    this.built = randomness.during(() => build(experiment));
    const { learner, optimizer } = this.built;
    this.executor = new Executor(learner, optimizer, execution, (state) => {
      for (const listener of listeners) listener.executed?.(state, 'own');
    });
    try {
      checkTokens(learner.lookups ?? [], experiment.data, data);
      checkTargets(learner, experiment.data, data);
      this.reference = whole ? referenceOf(experiment, this.built, execution, listeners) : undefined;
    } catch (error) {
      this.dispose();
      throw error;
    }
    const { batchSize, stopWhen, restoreBest } = experiment;
    this.best = restoreBest === true ? this.keepBest() : undefined;
    this.loop = new TrainingLoop({
      executor: this.executor,
      optimizer,
      reference: this.reference,
      data,
      settings: { ...settings, batchSize, stopWhen: whole ? stopWhen : undefined, fields: experiment.data },
      randomness,
      control,
      listeners,
      watch: new Stopwatch(now),
      ready: ready === undefined ? undefined : (train) => ready(this, train),
    });
  }

  get progress(): RunProgress {
    return this.loop.progress;
  }

  /** Listeners are called in the order in which they came; what one throws ends the training. */
  listen(...listeners: readonly TrainingListener[]): void {
    this.listeners.push(...listeners);
  }

  /** Continues from there: before `run`, when the models' tensors are back. */
  resume(state: TrainingState): void {
    this.loop.resume(state);
    this.executor.begin(state.step);
    this.reference?.begin(state.step);
  }

  /** @throws LearningError NON_FINITE, and what the learner's code throws */
  run(): Promise<EndReason> {
    return this.loop.run();
  }

  /** Makes the weights and the optimizers' state current: before anyone reads them. */
  sync(): void {
    this.executor.sync();
    this.reference?.sync();
  }

  /** First among the listeners, so that the others meet the weights as they are at the end. */
  private keepBest(): BestWeights {
    const best = new BestWeights(this.built.learner, () => {
      this.executor.sync();
    });
    this.listen({
      epochEnd: ({ epoch }, values) => {
        best.afterEpoch(epoch, values);
      },
      end: () => {
        const epoch = best.restore();
        if (epoch !== undefined) for (const listener of this.listeners) listener.restored?.(epoch);
      },
    });
    return best;
  }

  /** Its weights are gone. */
  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    this.best?.dispose();
    this.reference?.dispose();
    this.executor.dispose();
    this.built.learner.dispose();
    disposeOptimizer(this.built.optimizer);
  }
}

export function seedOf({ seed = DEFAULT_SEED }: Experiment): number {
  return seed;
}

/** Undefined where the experiment compares with nothing. */
function referenceOf(
  experiment: Experiment,
  own: Built,
  options: ExecutorOptions,
  listeners: readonly TrainingListener[],
): Reference | undefined {
  const compared = comparedExperiment(experiment);
  if (compared === undefined) return undefined;
  const randomness = new Randomness(options.seed);
  const built = randomness.during(() => build(compared));
  try {
    refuseShared(own.learner, built.learner);
  } catch (error) {
    disposeOptimizer(built.optimizer);
    throw error;
  }
  return new Reference(built, randomness, options, listeners);
}
