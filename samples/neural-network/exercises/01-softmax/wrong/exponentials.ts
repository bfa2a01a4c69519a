// mistake: exponentials
import { tf } from 'deep-learning-lab';

function softmax(z: tf.Tensor2D): tf.Tensor {
  return tf.exp(z);
}
