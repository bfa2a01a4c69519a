// mistake: overBatch
import { tf } from 'deep-learning-lab';

export function attention(x: tf.Tensor3D, mask: tf.Tensor2D, query: tf.Tensor1D): tf.Tensor2D {
  const scores = tf.add(tf.sum(tf.mul(x, query), 2), tf.mul(tf.sub(1, mask), -1e9));
  return tf.transpose(tf.softmax(tf.transpose(scores))) as tf.Tensor2D;
}
