/** One pass over a split: loss and metrics over all of its batches, and the outputs for whoever wants to look at them. */
import type { Batch } from '../../lab/experiment';
import type { Metrics } from '../../protocol/run';
import { inOrder, Rows } from './batches';
import type { Executor } from './executor';
import { Means } from './means';

/** Larger than a training batch: nothing has to be kept for gradients. */
const BATCH_SIZE = 256;

/** Called with each batch's output and the index of its first row. */
export type OutputListener = (output: Batch, firstRow: number) => void;

/**
 * @param between awaited between batches, so that a stop is heard; false ends the pass
 * @returns the means, or undefined when the pass was ended
 */
export async function evaluateSplit(
  executor: Executor,
  split: Rows,
  between: () => Promise<boolean>,
  onOutput?: OutputListener,
): Promise<Metrics | undefined> {
  const order = inOrder(split.length);
  const means = new Means();
  for (let from = 0; from < split.length; from += BATCH_SIZE) {
    if (!(await between())) return undefined;
    const rows = order.subarray(from, from + BATCH_SIZE);
    const feeds = split.feeds(rows);
    const listener =
      onOutput === undefined
        ? undefined
        : (output: Batch): void => {
            onOutput(output, from);
          };
    means.add(executor.evaluate(feeds, listener));
    Rows.release(feeds);
  }
  return means.values();
}
