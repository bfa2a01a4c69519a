// mistake: overBatch
import { tf } from 'deep-learning-lab';

function softmax(z: tf.Tensor2D): tf.Tensor {
  return tf.div(tf.exp(z), tf.sum(tf.exp(z)));
}
