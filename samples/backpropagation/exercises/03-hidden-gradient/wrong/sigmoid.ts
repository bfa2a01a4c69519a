// mistake: sigmoid
import { tf } from 'deep-learning-lab';

export function hiddenGradient(outputGradient: tf.Tensor2D, w2: tf.Tensor2D, hidden: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(tf.matMul(outputGradient, w2, false, true), tf.mul(hidden, tf.sub(1, hidden)));
}
