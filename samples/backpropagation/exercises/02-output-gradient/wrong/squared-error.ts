// mistake: squaredError
import { tf } from 'deep-learning-lab';

export function outputGradient(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor2D {
  const [batch, classes] = logits.shape;
  const wanted = tf.oneHot(labels, classes);
  const p = tf.softmax(logits);
  return tf.div(tf.mul(tf.sub(p, wanted), tf.mul(p, tf.sub(1, p))), batch);
}
