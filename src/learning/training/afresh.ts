/** What an experiment reaches when it is trained from the start on part of its data. */
import type { Split } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import type { Metrics } from '../../protocol/run';
import { trainAlone, type AloneEvents, type AloneOptions } from './alone';

/** Its loss was no number any more. */
class Diverged extends Error {}

export interface AfreshOptions extends Omit<AloneOptions, 'validation'> {
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
  { stepped, ...options }: AfreshOptions,
): Promise<Metrics | 'diverged' | undefined> {
  let last: Metrics | undefined;
  const events: AloneEvents = {
    point: ({ kind, values }) => {
      if (kind === 'epoch') last = values;
    },
    stepEnd: (step) => stepped?.(step),
    nonFinite: () => new Diverged(),
  };
  try {
    return await trainAlone(experiment, data, { ...options, validation: 'lastEpoch' }, events, (reason) =>
      reason === 'completed' ? last : undefined,
    );
  } catch (error) {
    if (error instanceof Diverged) return 'diverged';
    throw error;
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
