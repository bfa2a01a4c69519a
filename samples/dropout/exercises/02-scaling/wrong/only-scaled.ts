// mistake: onlyScaled
import { tf } from 'deep-learning-lab';

export function applyMask(x: tf.Tensor, mask: tf.Tensor, rate: number): tf.Tensor {
  return tf.div(x, 1 - rate);
}
