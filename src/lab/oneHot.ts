import * as tf from '@tensorflow/tfjs';

/** As tf.oneHot, int32 of shape [...indices, classes]; of a single class, too, which tfjs refuses. @param indices int32 */
export function oneHot(indices: tf.Tensor, classes: number): tf.Tensor {
  if (classes > 1) return tf.oneHot(indices, classes);
  return tf.expandDims(tf.cast(tf.equal(indices, 0), 'int32'), -1);
}
