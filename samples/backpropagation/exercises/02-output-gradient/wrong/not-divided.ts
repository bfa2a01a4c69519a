// mistake: notDivided
import { tf } from 'deep-learning-lab';

export function outputGradient(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor2D {
  const [batch, classes] = logits.shape;
  const wanted = tf.oneHot(labels, classes);
  return tf.sub(tf.softmax(logits), wanted);
}
