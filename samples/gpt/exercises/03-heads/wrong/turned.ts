// mistake: turned
import { tf } from 'deep-learning-lab';

function splitHeads(x: tf.Tensor3D, heads: number): tf.Tensor {
  const [batch, length, width] = x.shape;
  return tf.transpose(tf.reshape(x, [batch, length, heads, width / heads]), [0, 2, 3, 1]);
}
