// mistake: notHalved
import { tf } from 'deep-learning-lab';

export function numericalGradient(f: (w: tf.Tensor1D) => number, w: tf.Tensor1D, epsilon: number): tf.Tensor1D {
  const slopes = Array.from({ length: w.size }, (_, i) => {
    const step = tf.mul(tf.cast(tf.oneHot(tf.scalar(i, 'int32'), w.size), 'float32'), epsilon);
    return (f(tf.add(w, step)) - f(tf.sub(w, step))) / epsilon;
  });
  return tf.tensor1d(slopes);
}
