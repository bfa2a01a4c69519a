// mistake: notPutBack
import { tf } from 'deep-learning-lab';

export function numericalGradient(f: (w: tf.Tensor1D) => number, w: tf.Tensor1D, epsilon: number): tf.Tensor1D {
  const values = Array.from(w.dataSync());
  const slopes = values.map((value, i) => {
    values[i] = value - epsilon;
    const below = f(tf.tensor1d(values));
    values[i] = value + epsilon;
    const above = f(tf.tensor1d(values));
    return (above - below) / (2 * epsilon);
  });
  return tf.tensor1d(slopes);
}
