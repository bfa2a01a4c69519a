import { tf } from 'deep-learning-lab';

function attendNext(q: tf.Tensor2D, k: tf.Tensor2D, v: tf.Tensor2D, kept: [tf.Tensor2D, tf.Tensor2D]): tf.Tensor[] {
  const keys = tf.concat([kept[0], k]);
  const values = tf.concat([kept[1], v]);
  const scores = tf.div(tf.matMul(q, keys, false, true), Math.sqrt(q.shape[1]));
  return [tf.matMul(tf.softmax(scores), values), keys, values];
}
