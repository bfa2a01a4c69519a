import { tf } from 'deep-learning-lab';

export function mask(shape: number[], rate: number): tf.Tensor {
  return tf.cast(tf.greaterEqual(tf.randomUniform(shape), rate), 'float32');
}
