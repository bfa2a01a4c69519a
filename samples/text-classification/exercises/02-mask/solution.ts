import { tf } from 'deep-learning-lab';

export function mask(tokens: tf.Tensor2D): tf.Tensor2D {
  return tf.cast(tf.notEqual(tokens, 0), 'float32') as tf.Tensor2D;
}
