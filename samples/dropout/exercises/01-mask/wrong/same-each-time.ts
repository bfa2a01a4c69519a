// mistake: sameEachTime
import { tf } from 'deep-learning-lab';

export function mask(shape: number[], rate: number): tf.Tensor {
  return tf.cast(tf.greaterEqual(tf.randomUniform(shape, 0, 1, 'float32', 42), rate), 'float32');
}
