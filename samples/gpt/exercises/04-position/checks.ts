import { tf } from 'deep-learning-lab';
import { exercise, expectClose } from 'deep-learning-lab/grading';

type Positions = (length: number, width: number) => tf.Tensor;

function table(length: number, width: number, value: (t: number, j: number) => number): tf.Tensor2D {
  const row = (t: number): number[] => Array.from({ length: width }, (_, j) => value(t, j));
  return tf.tensor2d(
    Array.from({ length }, (_, t) => row(t)),
    [length, width],
  );
}

const wave = (j: number, angle: number): number => (j % 2 === 0 ? Math.sin(angle) : Math.cos(angle));
const pair = (j: number): number => Math.floor(j / 2);

function check(learner: Positions, length: number, width: number): void {
  const angle = (t: number, power: number): number => t / 10_000 ** (power / width);
  const right = (t: number, j: number): number => wave(j, angle(t, 2 * pair(j)));
  const half = width / 2;
  const mistakes: Readonly<Record<string, (t: number, j: number) => number>> = {
    swapped: (t, j) => wave(j + 1, angle(t, 2 * pair(j))),
    halves: (t, j) => (j < half ? Math.sin(angle(t, 2 * j)) : Math.cos(angle(t, 2 * (j - half)))),
    everyColumn: (t, j) => wave(j, angle(t, j)),
    fromOne: (t, j) => right(t + 1, j),
    sameFrequency: (t, j) => wave(j, t),
    notTwice: (t, j) => wave(j, angle(t, pair(j))),
  };
  expectClose(learner(length, width), table(length, width, right), {
    input: `positions(${String(length)}, ${String(width)})`,
    mistakes: Object.fromEntries(
      Object.entries(mistakes).map(([key, value]) => [key, () => table(length, width, value)]),
    ),
  });
}

export default exercise<Positions>({
  kind: 'function',
  checks: {
    first: ({ learner }) => {
      check(learner, 1, 6);
    },
    // The sine and cosine of 0, 1 and 2.
    byHand: ({ learner }) => {
      const expected = tf.tensor2d([0, 1, 0.841471, 0.540302, 0.909297, -0.416147], [3, 2]);
      expectClose(learner(3, 2), expected, {
        input: 'positions(3, 2)',
        mistakes: {
          swapped: () => tf.reverse(expected, 1),
          fromOne: () => tf.tensor2d([0.841471, 0.540302, 0.909297, -0.416147, 0.14112, -0.989992], [3, 2]),
        },
      });
    },
    table: ({ learner }) => {
      check(learner, 16, 8);
      check(learner, 5, 12);
    },
  },
});
