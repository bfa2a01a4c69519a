/** What the checks hold answers against: TensorFlow's own loss and derivatives, and data drawn from a seed. */
import { losses, tf } from 'deep-learning-lab';

/** The network's own sizes, which answers may count on: every check keeps to them. */
export const PIXELS = 784;
export const HIDDEN = 32;
export const CLASSES = 10;

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
export function randomBatch(size: number, classes = CLASSES): Batch {
  const labels = Array.from({ length: size }, () => Math.floor(Math.random() * classes));
  return { logits: tf.randomNormal([size, classes], 0, 2), labels: tf.tensor1d(labels, 'int32') };
}

/** A tensor of this shape that begins with these rows and is 0 elsewhere: few numbers to follow by hand. */
export function corner(rows: readonly (readonly number[])[], shape: readonly [number, number]): tf.Tensor2D {
  const [height, width] = shape;
  return tf.tensor2d(
    Array.from({ length: height }, (_, row) => Array.from({ length: width }, (_, column) => rows[row]?.[column] ?? 0)),
  );
}

/** Classes in rows: 1 where the label is. */
export function oneHot(labels: tf.Tensor1D, classes: number): tf.Tensor2D {
  return tf.cast(tf.oneHot(labels, classes), 'float32') as tf.Tensor2D;
}
