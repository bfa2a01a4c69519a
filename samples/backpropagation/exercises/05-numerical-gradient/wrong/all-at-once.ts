// mistake: allAtOnce
import { tf } from 'deep-learning-lab';

export function numericalGradient(f: (w: tf.Tensor1D) => number, w: tf.Tensor1D, epsilon: number): tf.Tensor1D {
  const slope = (f(tf.add(w, epsilon)) - f(tf.sub(w, epsilon))) / (2 * epsilon);
  return tf.fill([w.size], slope);
}
