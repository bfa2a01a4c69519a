// mistake: unknownToo
import { tf } from 'deep-learning-lab';

export function mask(tokens: tf.Tensor2D): tf.Tensor2D {
  return tf.cast(tf.greater(tokens, 1), 'float32') as tf.Tensor2D;
}
