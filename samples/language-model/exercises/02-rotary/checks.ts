import { tf } from 'deep-learning-lab';
import { exercise, expectClose } from 'deep-learning-lab/grading';

type Rotate = (x: tf.Tensor2D, base: number) => tf.Tensor;

interface Way {
  readonly angle: (t: number, pair: number, width: number) => number;
  readonly partners: (pair: number, width: number) => readonly [number, number];
}

const turned = (x: tf.Tensor2D, { angle, partners }: Way): tf.Tensor => {
  const width = x.shape[1];
  const rows = x.arraySync().map((row, t) => {
    const result = [...row];
    for (let pair = 0; pair < width / 2; pair++) {
      const [first, second] = partners(pair, width);
      const [a, b] = [row[first] ?? 0, row[second] ?? 0];
      const by = angle(t, pair, width);
      result[first] = a * Math.cos(by) - b * Math.sin(by);
      result[second] = b * Math.cos(by) + a * Math.sin(by);
    }
    return result;
  });
  return tf.tensor2d(rows, x.shape);
};

const neighbours: Way['partners'] = (pair) => [2 * pair, 2 * pair + 1];
const right: Rotate = (x, base) =>
  turned(x, { partners: neighbours, angle: (t, pair, width) => t * base ** ((-2 * pair) / width) });

function check(learner: Rotate, x: tf.Tensor2D, base: number, input: string, expected = right(x, base)): void {
  const speed = (pair: number, width: number): number => base ** ((-2 * pair) / width);
  expectClose(learner(x, base), expected, {
    input,
    mistakes: {
      otherWay: () => turned(x, { partners: neighbours, angle: (t, pair, width) => -t * speed(pair, width) }),
      halves: () =>
        turned(x, {
          partners: (pair, width) => [pair, pair + width / 2],
          angle: (t, pair, width) => t * speed(pair, width),
        }),
      fromOne: () => turned(x, { partners: neighbours, angle: (t, pair, width) => (t + 1) * speed(pair, width) }),
      sameSpeed: () => turned(x, { partners: neighbours, angle: (t) => t }),
      notTwice: () => turned(x, { partners: neighbours, angle: (t, pair, width) => t * base ** (-pair / width) }),
      unchanged: () => x,
    },
  });
}

export default exercise<Rotate>({
  kind: 'function',
  checks: {
    // With base (2/π)² the second of two pairs turns by π/2 a position: row 1 by a quarter of a circle. sin 1 and cos 1 are the first pair's.
    byHand: ({ learner }) => {
      const x = tf.tensor2d([1, 2, 3, 4, 1, 0, 3, 4], [2, 4]);
      const expected = tf.tensor2d([1, 2, 3, 4, 0.540302, 0.841471, -4, 3], [2, 4]);
      check(learner, x, (2 / Math.PI) ** 2, 'x = [[1, 2, 3, 4], [1, 0, 3, 4]], base = (2/π)²', expected);
    },
    table: ({ learner }) => {
      check(learner, tf.randomNormal<tf.Rank.R2>([6, 8], 0, 1, 'float32', 1), 10_000, 'x: [6, 8], base = 10000');
      check(learner, tf.randomNormal<tf.Rank.R2>([9, 4], 0, 1, 'float32', 2), 100, 'x: [9, 4], base = 100');
    },
    // The same query and key three apart, wherever they are, have the same product.
    relative: ({ learner }) => {
      const q = tf.randomNormal<tf.Rank.R2>([1, 8], 0, 1, 'float32', 3);
      const k = tf.randomNormal<tf.Rank.R2>([1, 8], 0, 1, 'float32', 4);
      const everywhere = (row: tf.Tensor2D): tf.Tensor => learner(tf.tile(row, [12, 1]), 1_000);
      const scores = tf.matMul(everywhere(q), everywhere(k), false, true);
      const apart = tf.stack([3, 6, 9].map((t) => tf.slice(scores, [t, t - 3], [1, 1]))).reshape([3]);
      const one = tf.matMul(tf.slice(right(tf.tile(q, [4, 1]), 1_000), [3, 0], [1, 8]), k, false, true);
      expectClose(apart, tf.tile(tf.reshape(one, [1]), [3]), {
        input: 'the scores of positions 3 and 0, 6 and 3, 9 and 6',
      });
    },
  },
});
