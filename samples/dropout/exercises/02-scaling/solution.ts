import { tf } from 'deep-learning-lab';

export function applyMask(x: tf.Tensor, mask: tf.Tensor, rate: number): tf.Tensor {
  return tf.div(tf.mul(x, mask), 1 - rate);
}
