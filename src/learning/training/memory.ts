/**
 * What a training takes of memory, found before its first step by the gradients of two rows and of three: nearly all of it are
 * the tensors that the way back needs, which grow with the rows of a batch.
 *
 *   const bytes = await memoryOfSteps(built, rows, seed);
 *   bytes(batchSize)
 */
import * as tf from '@tensorflow/tfjs';
import { nativeBackend } from '../engine/native/internals';
import { bytesDuring } from '../engine/native/peak';
import { undisturbed } from '../pictures/undisturbed';
import { batchOf, Rows } from './batches';
import type { Built } from './build';

/** Two averages of each weight, as Adam's; no other of the lab's optimizers keeps more. */
const SLOTS = 2;
const BYTES = 4;
/** Rows of the smaller trial. */
const FEW = 2;

/**
 * Changes nothing of the training.
 *
 * @returns the bytes that a step takes beside weights and data, by the rows of its batch
 * @throws what the learner's code throws
 */
export async function memoryOfSteps(
  { learner }: Pick<Built, 'learner'>,
  rows: Rows,
  seed: number,
): Promise<(batch: number) => number> {
  const during = async (count: number): Promise<readonly number[]> => {
    const feeds = rows.feeds(rows.longest(count));
    try {
      return await takenDuring(() => {
        undisturbed(seed, () => learner.trial(batchOf(feeds)));
      });
    } finally {
      Rows.release(feeds);
    }
  };
  const slots = SLOTS * BYTES * learner.parameters;
  // What still lies in JavaScript, weights and data, comes to TensorFlow with its first use, and is no step's.
  await during(FEW);
  // Not of one: sizes of 1 are broadcast by other operations.
  const few = await during(FEW);
  const more = rows.length > FEW ? await during(FEW + 1) : few;
  return (batch) => slots + mostOf(few, more, batch - FEW);
}

/**
 * The work is the same operations whatever the rows, and what is taken after each of them grows by the same for each row.
 * Where it is not the same, by what the most does.
 */
function mostOf(few: readonly number[], more: readonly number[], further: number): number {
  const most = (all: readonly number[]): number => all.reduce((sum, bytes) => Math.max(sum, bytes), 0);
  const line = (bytes: number, next: number): number => bytes + (next - bytes) * further;
  if (few.length !== more.length) return line(most(few), most(more));
  return most(few.map((bytes, operation) => line(bytes, more[operation] ?? bytes)));
}

/** Bytes of tensors after each operation of the work, beyond those that there were. */
async function takenDuring(work: () => void): Promise<readonly number[]> {
  const backend = nativeBackend();
  if (backend !== undefined) return bytesDuring(backend, work);
  const before = tf.memory().numBytes;
  const { kernels } = await tf.profile(() => {
    work();
    return [];
  });
  return kernels.map(({ totalBytesSnapshot }) => totalBytesSnapshot - before);
}
