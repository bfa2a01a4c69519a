/** What the checks hold answers against: TensorFlow's own loss and derivatives, and data drawn from a seed. */
import { losses, tf } from 'deep-learning-lab';

const crossentropy = losses.sparseCategoricalCrossentropy({ fromLogits: true });

export function referenceLoss(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  return crossentropy.compute(labels, logits);
}

/** ∂L/∂logits by automatic differentiation. */
export function referenceGradient(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor2D {
  return tf.grad((z) => referenceLoss(z, labels))(logits) as tf.Tensor2D;
}

export interface Batch {
  readonly logits: tf.Tensor2D;
  readonly labels: tf.Tensor1D;
}

/** Random logits of a usual size, and random labels. */
export function randomBatch(size: number, classes: number): Batch {
  const labels = Array.from({ length: size }, () => Math.floor(Math.random() * classes));
  return { logits: tf.randomNormal([size, classes], 0, 2), labels: tf.tensor1d(labels, 'int32') };
}

/** Classes in rows: 1 where the label is. */
export function oneHot(labels: tf.Tensor1D, classes: number): tf.Tensor2D {
  return tf.cast(tf.oneHot(labels, classes), 'float32') as tf.Tensor2D;
}
