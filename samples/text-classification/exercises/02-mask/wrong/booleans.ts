// mistake: dtype
import { tf } from 'deep-learning-lab';

export function mask(tokens: tf.Tensor2D): tf.Tensor2D {
  return tf.notEqual<tf.Tensor2D>(tokens, 0);
}
