// mistake: zeroScores
import { tf } from 'deep-learning-lab';

export function attention(x: tf.Tensor3D, mask: tf.Tensor2D, query: tf.Tensor1D): tf.Tensor2D {
  return tf.softmax(tf.mul(tf.sum(tf.mul(x, query), 2), mask)) as tf.Tensor2D;
}
