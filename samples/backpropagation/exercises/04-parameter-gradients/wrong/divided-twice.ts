// mistake: dividedTwice
import { tf } from 'deep-learning-lab';
import type { Network } from '../../../model';

export function parameterGradients(
  x: tf.Tensor2D,
  hidden: tf.Tensor2D,
  hiddenGradient: tf.Tensor2D,
  outputGradient: tf.Tensor2D,
): Network {
  const [batch] = x.shape;
  return {
    w1: tf.div(tf.matMul(x, hiddenGradient, true, false), batch),
    b1: tf.div(tf.sum(hiddenGradient, 0), batch),
    w2: tf.div(tf.matMul(hidden, outputGradient, true, false), batch),
    b2: tf.div(tf.sum(outputGradient, 0), batch),
  };
}
