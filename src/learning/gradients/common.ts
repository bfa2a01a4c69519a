/** What the gradient functions share. */
import type * as tf from '@tensorflow/tfjs';

/** The tensors that tfjs has kept for a gradient, by the names under which they were asked for, in that order. */
export function named<Name extends string>(saved: readonly tf.Tensor[], ...names: Name[]): Record<Name, tf.Tensor> {
  return Object.fromEntries(
    names.map((name, index) => {
      const tensor = saved[index];
      if (tensor === undefined) throw new Error(`tfjs has not kept ${name}.`);
      return [name, tensor];
    }),
  ) as Record<Name, tf.Tensor>;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);
