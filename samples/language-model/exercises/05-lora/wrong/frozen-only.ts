// mistake: frozenOnly
import { tf } from 'deep-learning-lab';

function loraLinear(x: tf.Tensor2D, W: tf.Tensor2D, A: tf.Tensor2D, B: tf.Tensor2D, scale: number): tf.Tensor {
  return tf.matMul(x, W, false, true);
}
