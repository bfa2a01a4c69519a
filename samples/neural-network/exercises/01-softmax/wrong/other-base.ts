// mistake: otherBase
import { tf } from 'deep-learning-lab';

function softmax(z: tf.Tensor2D): tf.Tensor {
  const powers = tf.pow(2, z);
  return tf.div(powers, tf.sum(powers, 1, true));
}
