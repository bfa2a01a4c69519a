import { tf } from 'deep-learning-lab';

export function meanOf(x: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor2D {
  const total = tf.sum(tf.mul(x, tf.expandDims(mask, 2)), 1);
  return tf.div(total, tf.sum(mask, 1, true));
}
