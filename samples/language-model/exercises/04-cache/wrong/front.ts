// mistake: front
import { tf } from 'deep-learning-lab';

function attendNext(q: tf.Tensor2D, k: tf.Tensor2D, v: tf.Tensor2D, kept: [tf.Tensor2D, tf.Tensor2D]): tf.Tensor[] {
  const keys = tf.concat([k, kept[0]]);
  const values = tf.concat([v, kept[1]]);
  const scores = tf.div(tf.matMul(q, keys, false, true), Math.sqrt(q.shape[1]));
  return [tf.matMul(tf.softmax(scores), values), keys, values];
}
