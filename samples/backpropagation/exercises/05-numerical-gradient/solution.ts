import { tf } from 'deep-learning-lab';

export function numericalGradient(f: (w: tf.Tensor1D) => number, w: tf.Tensor1D, epsilon: number): tf.Tensor1D {
  const slopes = Array.from({ length: w.size }, (_, i) => {
    const step = tf.mul(tf.cast(tf.oneHot(tf.scalar(i, 'int32'), w.size), 'float32'), epsilon);
    const above = f(tf.add(w, step));
    const below = f(tf.sub(w, step));
    return (above - below) / (2 * epsilon);
  });
  return tf.tensor1d(slopes);
}
