// mistake: together
import { tf } from 'deep-learning-lab';

export function mask(shape: number[], rate: number): tf.Tensor {
  const column = tf.cast(tf.greaterEqual(tf.randomUniform([shape[0], 1]), rate), 'float32');
  return shape.length < 2
    ? tf.cast(tf.greaterEqual(tf.randomUniform(shape), rate), 'float32')
    : tf.mul(column, tf.ones(shape));
}
