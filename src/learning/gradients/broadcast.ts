/** Gradients that tfjs has, but forgets that TensorFlow repeats an operand along axes that only the other has. */
import * as tf from '@tensorflow/tfjs';
import { named } from './common';

const KERNELS = [tf.BatchMatMul, tf.Maximum, tf.Minimum, tf.SquaredDifference];

/** tfjs's own, summed over the axes along which the operand was repeated. */
export const broadcastGradients = (): readonly tf.GradConfig[] =>
  KERNELS.map((kernel) => {
    const original = tf.getGradient(kernel);
    return {
      ...original,
      gradFunc: (dy, saved, attributes) => {
        const { a, b } = named(saved, 'a', 'b');
        const gradients = original.gradFunc(dy, saved, attributes);
        return {
          a: () => summedTo(gradients['a']?.() ?? tf.zeros(a.shape), a.shape),
          b: () => summedTo(gradients['b']?.() ?? tf.zeros(b.shape), b.shape),
        };
      },
    };
  });

function summedTo(tensor: tf.Tensor, shape: number[]): tf.Tensor {
  if (tensor.shape.join() === shape.join()) return tensor;
  const added = tensor.rank - shape.length;
  const axes = tensor.shape.flatMap((size, axis) => {
    const before = axis < added ? undefined : shape[axis - added];
    return before === undefined || (before === 1 && size > 1) ? [axis] : [];
  });
  return tf.reshape(tf.sum(tensor, axes), shape);
}
