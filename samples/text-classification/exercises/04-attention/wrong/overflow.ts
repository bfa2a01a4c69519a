// mistake: overflow
import { tf } from 'deep-learning-lab';

export function attention(x: tf.Tensor3D, mask: tf.Tensor2D, query: tf.Tensor1D): tf.Tensor2D {
  const shares = tf.mul(tf.exp(tf.sum(tf.mul(x, query), 2)), mask);
  return tf.div(shares, tf.sum(shares, 1, true));
}
