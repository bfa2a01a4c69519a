import { tf } from 'deep-learning-lab';

export function hiddenGradient(outputGradient: tf.Tensor2D, w2: tf.Tensor2D, hidden: tf.Tensor2D): tf.Tensor2D {
  const atHidden = tf.matMul(outputGradient, w2, false, true);
  return tf.mul(atHidden, tf.sub(1, tf.square(hidden)));
}
