// mistake: byTurns
import { tf } from 'deep-learning-lab';

function groupedAttention(q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D): tf.Tensor {
  const [heads, , width] = q.shape;
  const each = (x: tf.Tensor3D) =>
    tf.gather(
      x,
      Array.from({ length: heads }, (_, head) => head % x.shape[0]),
    );
  const scores = tf.div(tf.matMul(q, each(k), false, true), Math.sqrt(width));
  return tf.matMul(tf.softmax(scores), each(v));
}
