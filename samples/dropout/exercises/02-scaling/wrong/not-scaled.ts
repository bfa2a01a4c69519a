// mistake: notScaled
import { tf } from 'deep-learning-lab';

export function applyMask(x: tf.Tensor, mask: tf.Tensor, rate: number): tf.Tensor {
  return tf.mul(x, mask);
}
