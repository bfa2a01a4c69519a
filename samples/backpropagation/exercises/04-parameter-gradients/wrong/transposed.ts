// mistake: transposed
import { tf } from 'deep-learning-lab';
import type { Network } from '../../../model';

export function parameterGradients(
  x: tf.Tensor2D,
  hidden: tf.Tensor2D,
  hiddenGradient: tf.Tensor2D,
  outputGradient: tf.Tensor2D,
): Network {
  return {
    w1: tf.matMul(hiddenGradient, x, true, false),
    b1: tf.sum(hiddenGradient, 0),
    w2: tf.matMul(outputGradient, hidden, true, false),
    b2: tf.sum(outputGradient, 0),
  };
}
