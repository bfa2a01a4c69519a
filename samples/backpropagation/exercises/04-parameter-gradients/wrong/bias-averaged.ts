// mistake: biasAveraged
import { tf } from 'deep-learning-lab';
import type { Network } from '../../../model';

export function parameterGradients(
  x: tf.Tensor2D,
  hidden: tf.Tensor2D,
  hiddenGradient: tf.Tensor2D,
  outputGradient: tf.Tensor2D,
): Network {
  return {
    w1: tf.matMul(x, hiddenGradient, true, false),
    b1: tf.mean(hiddenGradient, 0),
    w2: tf.matMul(hidden, outputGradient, true, false),
    b2: tf.mean(outputGradient, 0),
  };
}
