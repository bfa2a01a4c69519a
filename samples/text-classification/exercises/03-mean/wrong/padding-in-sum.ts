// mistake: paddingInSum
import { tf } from 'deep-learning-lab';

export function meanOf(x: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor2D {
  return tf.div(tf.sum(x, 1), tf.sum(mask, 1, true));
}
