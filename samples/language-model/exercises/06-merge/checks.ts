import { tf } from 'deep-learning-lab';
import { exercise, expectClose } from 'deep-learning-lab/grading';

type Merge = (W: tf.Tensor2D, A: tf.Tensor2D, B: tf.Tensor2D, scale: number) => tf.Tensor;

function check(learner: Merge, [W, A, B, scale]: Parameters<Merge>, input: string, expected?: tf.Tensor): void {
  const product = tf.matMul(A, B);
  const change = tf.mul(tf.transpose(product), scale);
  const isSquare = W.shape[0] === W.shape[1];
  expectClose(learner(W, A, B, scale), expected ?? tf.add(W, change), {
    input,
    mistakes: {
      ...(isSquare ? { notTurned: () => tf.add(W, tf.mul(product, scale)) } : {}),
      notScaled: () => tf.add(W, tf.transpose(product)),
      changeOnly: () => change,
      scaledAll: () => tf.mul(tf.add(W, tf.transpose(product)), scale),
      overRank: () => tf.add(W, tf.div(change, A.shape[1])),
      minus: () => tf.sub(W, change),
    },
  });
}

const random = (rows: number, columns: number, seed: number): tf.Tensor2D =>
  tf.randomNormal<tf.Rank.R2>([rows, columns], 0, 1, 'float32', seed);

export default exercise<Merge>({
  kind: 'function',
  checks: {
    // A B = [[1, 10], [2, 20]]; turned and doubled [[2, 4], [20, 40]].
    byHand: ({ learner }) => {
      const [A, B] = [tf.tensor2d([1, 2], [2, 1]), tf.tensor2d([1, 10], [1, 2])];
      const input = 'W = [[1, 2], [3, 4]], A = [[1], [2]], B = [[1, 10]], scale = 2';
      check(learner, [tf.tensor2d([1, 2, 3, 4], [2, 2]), A, B, 2], input, tf.tensor2d([3, 6, 23, 44], [2, 2]));
    },
    // What goes through the merged matrix is what goes through both ways.
    layer: ({ learner }) => {
      const [x, W, A, B] = [random(5, 6, 1), random(6, 6, 2), random(6, 3, 3), random(3, 6, 4)];
      const both = tf.add(tf.matMul(x, W, false, true), tf.mul(tf.matMul(tf.matMul(x, A), B), 0.5));
      check(learner, [W, A, B, 0.5], 'W: [6, 6], rank 3');
      expectClose(tf.matMul(x, learner(W, A, B, 0.5), false, true), both, { input: 'x · mergedᵀ' });
    },
    shapes: ({ learner }) => {
      check(learner, [random(5, 8, 5), random(8, 2, 6), random(2, 5, 7), 4], 'W: [5, 8], rank 2');
      check(learner, [random(9, 3, 8), random(3, 4, 9), random(4, 9, 10), 0.25], 'W: [9, 3], rank 4');
    },
  },
});
