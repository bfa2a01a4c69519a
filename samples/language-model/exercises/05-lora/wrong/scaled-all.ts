// mistake: scaledAll
import { tf } from 'deep-learning-lab';

function loraLinear(x: tf.Tensor2D, W: tf.Tensor2D, A: tf.Tensor2D, B: tf.Tensor2D, scale: number): tf.Tensor {
  const before = tf.matMul(x, W, false, true);
  const change = tf.matMul(tf.matMul(x, A), B);
  return tf.mul(tf.add(before, change), scale);
}
