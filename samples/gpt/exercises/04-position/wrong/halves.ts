// mistake: halves
import { tf } from 'deep-learning-lab';

function positions(length: number, width: number): tf.Tensor {
  const angle = (t: number, i: number) => t / 10_000 ** ((2 * i) / width);
  const row = (t: number) =>
    Array.from({ length: width }, (_, j) =>
      j < width / 2 ? Math.sin(angle(t, j)) : Math.cos(angle(t, j - width / 2)),
    );
  return tf.tensor2d(
    Array.from({ length }, (_, t) => row(t)),
    [length, width],
  );
}
