// mistake: allPositions
import { tf } from 'deep-learning-lab';

export function meanOf(x: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor2D {
  return tf.mean(tf.mul(x, tf.expandDims(mask, 2)), 1);
}
