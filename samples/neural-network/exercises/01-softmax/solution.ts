import { tf } from 'deep-learning-lab';

function softmax(z: tf.Tensor2D): tf.Tensor {
  const powers = tf.exp(tf.sub(z, tf.max(z, 1, true)));
  return tf.div(powers, tf.sum(powers, 1, true));
}
