/** Augmentations that change numbers where they are. */
import * as tf from '@tensorflow/tfjs';
import { checkInteger, checkPositive } from '../check';
import type { Augmentation } from './augmentation';

/**
 * Adds a random number to each of an input's numbers, normally distributed.
 *
 * @param deviation standard deviation, above 0, in the unit of the input: pictures are 0 … 1
 * @throws LabError EXPERIMENT_INVALID
 */
export function noise(deviation: number): Augmentation {
  const scale = checkPositive('augment.noise: deviation', deviation);
  return Object.freeze({
    name: 'noise',
    fits: 'any',
    apply: (x) => tf.add(x, tf.mul(tf.randomNormal(x.shape), scale)),
  } satisfies Augmentation);
}

/**
 * Silences a stretch of time, of up to so many frames in a row, another one in each example (Park and others 2019,
 * "SpecAugment", section 2).
 *
 * @param frames at least 1; inputs are [frames, …]
 * @throws LabError EXPERIMENT_INVALID
 */
export function timeMask(frames: number): Augmentation {
  const most = checkInteger('augment.timeMask: frames', frames, { min: 1 });
  return Object.freeze({
    name: 'timeMask',
    fits: 'frames',
    apply: (x) => {
      const [batch = 1, length = 1] = x.shape;
      const shape = [batch, ...x.shape.slice(1).map(() => 1)];
      const size = tf.floor(tf.mul(tf.randomUniform(shape), Math.min(most, length) + 1));
      const from = tf.floor(tf.mul(tf.randomUniform(shape), tf.add(tf.sub(length, size), 1)));
      const time = tf.reshape(tf.range(0, length, 1), [1, length, ...x.shape.slice(2).map(() => 1)]);
      const masked = tf.logicalAnd(tf.greaterEqual(time, from), tf.less(time, tf.add(from, size)));
      return tf.mul(x, tf.sub(1, tf.cast(masked, 'float32')));
    },
  } satisfies Augmentation);
}
