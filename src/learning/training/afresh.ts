/** What an experiment reaches when it is trained from the start on part of its data. */
import type { Metrics, Point } from '../../protocol/run';
import { LearningError } from '../errors';
import { Training, type TrainingOptions } from './training';

export interface AfreshOptions extends Omit<TrainingOptions, 'whole'> {
  /** The model is built, no step taken. */
  readonly begun?: (training: Training) => Promise<void>;
  /** After each epoch; with its val_ figures where `validation` is 'everyEpoch' (default 'lastEpoch') or it is the last. */
  readonly epochEnd?: (point: Point) => void;
}

/**
 * @returns the last epoch's figures, as a run of its own with these epochs would have them; 'diverged' when the loss
 *   was not finite; undefined when it was stopped
 */
export async function trainAfresh(
  { epochEnd = () => undefined, begun, ...options }: AfreshOptions,
  stepped: () => void = () => undefined,
): Promise<Metrics | 'diverged' | undefined> {
  let last: Metrics | undefined;
  const training = await Training.create({ validation: 'lastEpoch', ...options });
  training.listen({
    point: (point) => {
      if (point.kind !== 'epoch') return;
      last = point.values;
      epochEnd(point);
    },
    stepEnd: stepped,
  });
  try {
    await begun?.(training);
    return (await training.run()) === 'completed' ? last : undefined;
  } catch (error) {
    if (error instanceof LearningError && error.fault.code === 'NON_FINITE') return 'diverged';
    throw error;
  } finally {
    training.dispose();
  }
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
