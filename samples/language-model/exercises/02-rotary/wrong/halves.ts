// mistake: halves
import { tf } from 'deep-learning-lab';

function rotate(x: tf.Tensor2D, base: number): tf.Tensor {
  const [length, width] = x.shape;
  const rows = x.arraySync().map((row, t) => {
    const turned = [...row];
    for (let i = 0; i < width; i += 2) {
      const [first, second] = [i / 2, i / 2 + width / 2];
      const [a, b] = [row[first], row[second]];
      const angle = t * base ** (-i / width);
      turned[first] = a * Math.cos(angle) - b * Math.sin(angle);
      turned[second] = b * Math.cos(angle) + a * Math.sin(angle);
    }
    return turned;
  });
  return tf.tensor2d(rows, [length, width]);
}
