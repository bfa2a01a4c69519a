import { tf } from 'deep-learning-lab';
import { exercise, expectClose } from 'deep-learning-lab/grading';

type RmsNorm = (x: tf.Tensor2D, gain: tf.Tensor1D, epsilon: number) => tf.Tensor;

const meanSquare = (x: tf.Tensor, axis = 1): tf.Tensor => tf.mean(tf.square(x), axis, true);
const over = (x: tf.Tensor, square: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor =>
  tf.mul(tf.div(x, tf.sqrt(tf.add(square, epsilon))), gain);
const right: RmsNorm = (x, gain, epsilon) => over(x, meanSquare(x), gain, epsilon);

function check(learner: RmsNorm, [x, gain, epsilon]: Parameters<RmsNorm>, input: string, expected?: tf.Tensor): void {
  expectClose(learner(x, gain, epsilon), expected ?? right(x, gain, epsilon), {
    input,
    mistakes: {
      centred: () => right(tf.sub(x, tf.mean(x, 1, true)), gain, epsilon),
      noRoot: () => tf.mul(tf.div(x, tf.add(meanSquare(x), epsilon)), gain),
      sum: () => over(x, tf.sum(tf.square(x), 1, true), gain, epsilon),
      noGain: () => over(x, meanSquare(x), tf.onesLike(gain), epsilon),
      overRows: () => over(x, meanSquare(x, 0), gain, epsilon),
      epsilonOutside: () => tf.mul(tf.div(x, tf.add(tf.sqrt(meanSquare(x)), epsilon)), gain),
      noEpsilon: () => over(x, meanSquare(x), gain, 0),
    },
  });
}

export default exercise<RmsNorm>({
  kind: 'function',
  checks: {
    // (1 + 1 + 49 + 49) / 4 = 25 and (9 + 9 + 9 + 9) / 4 = 9: roots 5 and 3.
    byHand: ({ learner }) => {
      const x = tf.tensor2d([1, -1, 7, 7, 3, 3, -3, 3], [2, 4]);
      const expected = tf.tensor2d([0.2, -0.4, 1.4, 14, 1, 2, -1, 10], [2, 4]);
      check(
        learner,
        [x, tf.tensor1d([1, 2, 1, 10]), 0],
        'x = [[1, -1, 7, 7], [3, 3, -3, 3]], gain = [1, 2, 1, 10], epsilon = 0',
        expected,
      );
    },
    rows: ({ learner }) => {
      const x = tf.randomNormal<tf.Rank.R2>([5, 8], 1, 3, 'float32', 1);
      check(learner, [x, tf.randomNormal<tf.Rank.R1>([8], 1, 0.3, 'float32', 2), 0.1], 'x: [5, 8], epsilon = 0.1');
    },
    small: ({ learner }) => {
      check(
        learner,
        [tf.tensor2d([0.01, 0, 0, 0], [2, 2]), tf.tensor1d([1, 1]), 1e-4],
        'x = [[0.01, 0], [0, 0]], epsilon = 0.0001',
      );
    },
  },
});
