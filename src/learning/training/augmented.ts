/** The augmentations of an experiment as part of its training step. */
import * as tf from '@tensorflow/tfjs';
import type { Augmentation } from '../../lab/augment/augmentation';
import type { StepFunction, Tensors } from '../compile';

/** float32 [batch]: how much of each example, and of its loss, is its own; see `Augmentation.shares`. */
export const SHARES = 'shares';

/** A training step whose batch { x, y, … } is changed first. */
export function augmented(step: StepFunction, augmentations: readonly Augmentation[]): StepFunction {
  return augmentations.length === 0 ? step : (feeds) => step(augmentBatch(feeds, augmentations));
}

function augmentBatch(feeds: Tensors, augmentations: readonly Augmentation[]): Tensors {
  const { x: given } = feeds;
  if (given === undefined) return feeds;
  let x = given;
  let shares: tf.Tensor | undefined;
  for (const { apply, shares: draw } of augmentations) {
    if (apply !== undefined) x = apply(x);
    if (draw === undefined) continue;
    const [batch = 1, ...sizes] = x.shape;
    shares = draw(batch);
    const own = tf.reshape(shares, [batch, ...sizes.map(() => 1)]);
    x = tf.add(tf.mul(x, own), tf.mul(fromEnd(x), tf.sub(1, own)));
  }
  return { ...feeds, x, ...(shares === undefined ? {} : { [SHARES]: shares }) };
}

/** The examples of a batch from its end on: to each another one, but for the one in the middle. */
export const fromEnd = (values: tf.Tensor): tf.Tensor => tf.reverse(values, 0);
