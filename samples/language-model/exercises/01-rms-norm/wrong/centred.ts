// mistake: centred
import { tf } from 'deep-learning-lab';

function rmsNorm(x: tf.Tensor2D, gain: tf.Tensor1D, epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, 1, true));
  const square = tf.mean(tf.square(centred), 1, true);
  return tf.mul(tf.div(centred, tf.sqrt(tf.add(square, epsilon))), gain);
}
