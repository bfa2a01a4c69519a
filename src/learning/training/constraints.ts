import * as tf from '@tensorflow/tfjs';

/** tfjs keeps a weight's constraint, and applies it only when the weight is set by hand. */
interface Constrained {
  readonly constraint: { apply(weight: tf.Tensor): tf.Tensor } | null | undefined;
}

/** Holds weights to their constraints, as Keras does after each update of the optimizer. */
export function constrain(weights: readonly tf.LayerVariable[]): void {
  for (const weight of weights) {
    const { constraint } = weight as unknown as Constrained;
    const value = weight.read();
    if (constraint && value instanceof tf.Variable) value.assign(constraint.apply(value));
  }
}
