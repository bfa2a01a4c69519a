// mistake: withoutExp
import { tf } from 'deep-learning-lab';

function softmax(z: tf.Tensor2D): tf.Tensor {
  return tf.div(z, tf.sum(z, 1, true));
}
