import * as tf from '@tensorflow/tfjs';
import { Randomness } from '../training/randomness';
import { scoped } from '../training/scope';

/**
 * Runs the learner's code outside of the training and leaves the training as it was: Math.random is another source
 * meanwhile, variables that the code assigns (moving averages) get their values back, and tensors are freed.
 */
export function undisturbed<T>(seed: number, work: () => T): T {
  return scoped(() => {
    const before = Object.values(tf.engine().registeredVariables).map((variable) => ({
      variable,
      value: tf.clone<tf.Tensor>(variable),
    }));
    try {
      return new Randomness(seed).during(work);
    } finally {
      for (const { variable, value } of before)
        if (!variable.isDisposed && variable.dataId !== value.dataId) variable.assign(value);
    }
  });
}
