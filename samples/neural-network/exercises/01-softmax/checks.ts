import { tf } from 'deep-learning-lab';
import { exercise, expectClose, show, type Comparison } from 'deep-learning-lab/grading';

type Softmax = (z: tf.Tensor2D) => tf.Tensor;

/** What typical wrong answers give. */
function mistakes(z: tf.Tensor2D): NonNullable<Comparison['mistakes']> {
  const shares = (powers: tf.Tensor, axis?: number): tf.Tensor => tf.div(powers, tf.sum(powers, axis, true));
  return {
    // Before others that are not a number for large ones either.
    overflow: () => shares(tf.exp(z), 1),
    unchanged: () => z,
    exponentials: () => tf.exp(z),
    withoutExp: () => shares(z, 1),
    overBatch: () => shares(tf.exp(z)),
    overColumns: () => shares(tf.exp(z), 0),
    otherBase: () => tf.softmax(tf.mul(z, Math.LN2)),
    sign: () => tf.softmax(tf.neg(z)),
  };
}

function holds(learner: Softmax, z: tf.Tensor2D, expected: tf.Tensor): void {
  expectClose(learner(z), expected, { input: `z = ${show(z)}`, mistakes: mistakes(z) });
}

export default exercise<Softmax>({
  kind: 'function',
  checks: {
    // The logarithms of 1, 2 and 5: shares of 8.
    byHand: ({ learner }) => {
      holds(learner, tf.tensor2d([[0, Math.log(2), Math.log(5)]]), tf.tensor2d([[1 / 8, 2 / 8, 5 / 8]]));
    },
    rows: ({ learner }) => {
      const z = tf.randomNormal<tf.Rank.R2>([4, 3], 0, 2);
      holds(learner, z, tf.softmax(z));
    },
    // e^1000 is infinite in any floating point number; the difference of two such numbers is not.
    large: ({ learner }) => {
      holds(learner, tf.tensor2d([[1000, 1000 - Math.log(3)]]), tf.tensor2d([[3 / 4, 1 / 4]]));
    },
  },
});
