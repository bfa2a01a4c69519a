// mistake: notScaled
import { tf } from 'deep-learning-lab';

function attend(q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D): tf.Tensor {
  return tf.matMul(tf.softmax(tf.matMul(q, k, false, true)), v);
}
