// mistake: notTwice
import { tf } from 'deep-learning-lab';

function positions(length: number, width: number): tf.Tensor {
  const angle = (t: number, j: number) => t / 10_000 ** (Math.floor(j / 2) / width);
  const row = (t: number) =>
    Array.from({ length: width }, (_, j) => (j % 2 === 0 ? Math.sin(angle(t, j)) : Math.cos(angle(t, j))));
  return tf.tensor2d(
    Array.from({ length }, (_, t) => row(t)),
    [length, width],
  );
}
