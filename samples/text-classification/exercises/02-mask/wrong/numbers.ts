// mistake: numbers
import { tf } from 'deep-learning-lab';

export function mask(tokens: tf.Tensor2D): tf.Tensor2D {
  return tf.cast<tf.Tensor2D>(tokens, 'float32');
}
