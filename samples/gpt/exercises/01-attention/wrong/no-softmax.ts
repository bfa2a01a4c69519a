// mistake: noSoftmax
import { tf } from 'deep-learning-lab';

function attend(q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D): tf.Tensor {
  return tf.matMul(tf.div(tf.matMul(q, k, false, true), Math.sqrt(q.shape[2])), v);
}
