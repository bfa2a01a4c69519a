import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { LabError } from '../protocol/errors';

/** What the training that is going on has told of itself. */
let current: tf.Scalar | number | undefined;

/** Where a training stands, for what changes with time on purpose: a loss, a metric, `forward`, a layer. */
export const step = {
  /**
   * How many optimizer steps were done before this one: a scalar, float32, shape []; 0 in the first step. In a validation
   * and in pictures, how many were done so far. A resumed run counts on. It is an input of the step, so that a step that
   * uses it is compiled all the same; a counter of your own would make it run operation by operation.
   *
   * ```ts
   * // the weight of a term, falling from 1 to 0 like exp(−t / 100)
   * const weight = tf.exp(tf.mul(-0.01, step.number));
   * ```
   *
   * @throws LabError STEP_OUTSIDE where nothing is being trained
   */
  get number(): tf.Scalar {
    if (current instanceof tf.Tensor) return current.clone();
    if (current !== undefined) return tf.scalar(current);
    throw new LabError({
      code: 'STEP_OUTSIDE',
      message: l10n.t('step.number was read where nothing is being trained.'),
      expected: l10n.t('inside a loss, a metric, forward, gradients or the call of a layer'),
      remedy: l10n.t('Read it inside the function that needs it, not when the file is loaded or the model is built.'),
    });
  },
};

/** Says where the training stands, for who looks at it between two steps; undefined when it has ended. */
export function stand(done: number | undefined): void {
  current = done;
}

/** Says it while `work` runs, as the tensor that is an input of the step. */
export function standing<T>(done: tf.Scalar | number, work: () => T): T {
  const before = current;
  current = done;
  try {
    return work();
  } finally {
    current = before;
  }
}
