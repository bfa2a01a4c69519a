/** Trains an experiment from the start on part of its data, with nothing on disk, for what it reaches in the end. */
import { performance } from 'node:perf_hooks';
import type { Split } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import type { Metrics } from '../../protocol/run';
import { build } from './build';
import { Executor, type ExecutorOptions } from './executor';
import { TrainingLoop, type LoopControl } from './loop';
import { disposeOptimizer } from './optimizer';
import { Randomness } from './randomness';

/** Its loss was no number any more. */
class Diverged extends Error {}

export interface AfreshOptions extends ExecutorOptions {
  readonly epochs: number;
  /** May pause and stop it; its learning rate is left alone. */
  readonly control: LoopControl;
  readonly stepped?: (step: number) => void;
}

/**
 * @param data `train` as `firstRows` gives it, `test` whole
 * @returns the last epoch's figures, as a run of its own with these epochs would have them; 'diverged' when the loss
 *   was not finite; undefined when it was stopped
 */
export async function trainAfresh(
  experiment: Experiment,
  data: { readonly train: Split; readonly test: Split },
  { epochs, control, stepped, ...options }: AfreshOptions,
): Promise<Metrics | 'diverged' | undefined> {
  const randomness = new Randomness(options.seed);
  const built = randomness.during(() => build(experiment));
  const executor = new Executor(built.learner, built.optimizer, options);
  let last: Metrics | undefined;
  try {
    const { inputShape, targetShape } = experiment.data;
    const loop = new TrainingLoop(
      executor,
      built.optimizer,
      data,
      {
        epochs,
        batchSize: experiment.batchSize,
        stopWhen: undefined,
        shape: { inputShape, targetShape },
        validation: 'lastEpoch',
      },
      randomness,
      control,
      {
        point: ({ kind, values }) => {
          if (kind === 'epoch') last = values;
        },
        progress: () => undefined,
        stepEnd: (step) => stepped?.(step),
        testOutput: () => undefined,
        epochEnd: () => undefined,
        nonFinite: () => new Diverged(),
      },
      () => performance.now(),
    );
    return (await loop.run()) === 'completed' ? last : undefined;
  } catch (error) {
    if (error instanceof Diverged) return 'diverged';
    throw error;
  } finally {
    executor.dispose();
    built.learner.dispose();
    disposeOptimizer(built.optimizer);
  }
}

/** The first `count` examples; no copy. */
export function firstRows({ x, y, length }: Split, count: number): Split {
  const part = (values: Split['x'] | Split['y']): typeof values => values.subarray(0, (values.length / length) * count);
  return { length: count, x: part(x) as Split['x'], y: part(y) as Split['y'] };
}

/** Fewer steps than this train no model that could be judged. */
const LEAST_STEPS = 200;

/**
 * Epochs on `count` examples: as many as on all `total` ones, and more where that would be less than 200 steps; never so
 * many that it would be more steps than on all of them.
 */
export function epochsOn(
  count: number,
  { total, batchSize, epochs }: { readonly total: number; readonly batchSize: number; readonly epochs: number },
): number {
  const steps = Math.ceil(count / batchSize);
  const most = Math.floor((Math.ceil(total / batchSize) * epochs) / steps);
  return Math.max(epochs, Math.min(Math.ceil(LEAST_STEPS / steps), most));
}
