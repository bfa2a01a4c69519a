import { tf } from 'deep-learning-lab';
import { exercise, expectClose } from 'deep-learning-lab/grading';

type MeanOf = (x: tf.Tensor3D, mask: tf.Tensor2D) => tf.Tensor;

const masked = (x: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor => tf.mul(x, tf.expandDims(mask, 2));
const right: MeanOf = (x, mask) => tf.div(tf.sum(masked(x, mask), 1), tf.sum(mask, 1, true));

function check(learner: MeanOf, x: tf.Tensor3D, mask: tf.Tensor2D, input: string): void {
  expectClose(learner(x, mask), right(x, mask), {
    input,
    mistakes: {
      paddingToo: () => tf.mean(x, 1),
      allPositions: () => tf.mean(masked(x, mask), 1),
      sum: () => tf.sum(masked(x, mask), 1),
      wholeBatch: () => tf.div(tf.sum(masked(x, mask), 1), tf.sum(mask)),
      paddingInSum: () => tf.div(tf.sum(x, 1), tf.sum(mask, 1, true)),
      otherAxis: () => tf.mean(masked(x, mask), 2),
    },
  });
}

export default exercise<MeanOf>({
  kind: 'function',
  checks: {
    byHand: ({ learner }) => {
      // prettier-ignore
      const x = tf.tensor3d([[[2, 4], [4, 8], [9, 9]], [[6, 1], [9, 9], [9, 9]]]);
      const mask = tf.tensor2d([
        [1, 1, 0],
        [1, 0, 0],
      ]);
      check(
        learner,
        x,
        mask,
        'x = [[[2, 4], [4, 8], [9, 9]], [[6, 1], [9, 9], [9, 9]]], mask = [[1, 1, 0], [1, 0, 0]]',
      );
    },
    batch: ({ learner }) => {
      const x = tf.randomNormal<tf.Rank.R3>([5, 7, 4], 1, 1, 'float32', 3);
      const mask = tf.tensor2d(Array.from({ length: 5 }, (_, i) => Array.from({ length: 7 }, (__, j) => +(j <= i))));
      check(learner, x, mask, 'x: [5, 7, 4]');
    },
  },
});
