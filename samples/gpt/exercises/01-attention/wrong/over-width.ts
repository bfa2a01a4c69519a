// mistake: overWidth
import { tf } from 'deep-learning-lab';

function attend(q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D): tf.Tensor {
  return tf.matMul(tf.softmax(tf.div(tf.matMul(q, k, false, true), q.shape[2])), v);
}
