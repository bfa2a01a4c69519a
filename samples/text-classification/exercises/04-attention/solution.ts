import { tf } from 'deep-learning-lab';

export function attention(x: tf.Tensor3D, mask: tf.Tensor2D, query: tf.Tensor1D): tf.Tensor2D {
  const scores = tf.sum(tf.mul(x, query), 2);
  const hidden = tf.mul(tf.sub(1, mask), -1e9);
  return tf.softmax(tf.add(scores, hidden)) as tf.Tensor2D;
}
