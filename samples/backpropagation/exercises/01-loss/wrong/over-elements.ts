// mistake: overElements
import { tf } from 'deep-learning-lab';

export function loss(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor {
  const wanted = tf.oneHot(labels, logits.shape[1]);
  return tf.neg(tf.mean(tf.mul(wanted, tf.logSoftmax(logits))));
}
