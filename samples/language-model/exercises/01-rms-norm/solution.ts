import { tf } from 'deep-learning-lab';

function rmsNorm(x: tf.Tensor2D, gain: tf.Tensor1D, epsilon: number): tf.Tensor {
  const square = tf.mean(tf.square(x), 1, true);
  return tf.mul(tf.div(x, tf.sqrt(tf.add(square, epsilon))), gain);
}
