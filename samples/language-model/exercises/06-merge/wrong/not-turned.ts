// mistake: notTurned
import { tf } from 'deep-learning-lab';

function mergeLora(W: tf.Tensor2D, A: tf.Tensor2D, B: tf.Tensor2D, scale: number): tf.Tensor {
  return tf.add(W, tf.mul(tf.matMul(A, B), scale));
}
