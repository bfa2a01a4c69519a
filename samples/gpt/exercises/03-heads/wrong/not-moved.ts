// mistake: notMoved
import { tf } from 'deep-learning-lab';

function splitHeads(x: tf.Tensor3D, heads: number): tf.Tensor {
  const [batch, length, width] = x.shape;
  return tf.reshape(x, [batch, length, heads, width / heads]);
}
