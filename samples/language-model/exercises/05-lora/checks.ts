import { tf } from 'deep-learning-lab';
import { exercise, expectClose } from 'deep-learning-lab/grading';

type Lora = (x: tf.Tensor2D, W: tf.Tensor2D, A: tf.Tensor2D, B: tf.Tensor2D, scale: number) => tf.Tensor;

function check(learner: Lora, [x, W, A, B, scale]: Parameters<Lora>, input: string, expected?: tf.Tensor): void {
  const frozen = tf.matMul(x, W, false, true);
  const change = tf.matMul(tf.matMul(x, A), B);
  const isSquare = W.shape[0] === W.shape[1];
  expectClose(learner(x, W, A, B, scale), expected ?? tf.add(frozen, tf.mul(change, scale)), {
    input,
    mistakes: {
      notScaled: () => tf.add(frozen, change),
      scaledAll: () => tf.mul(tf.add(frozen, change), scale),
      changeOnly: () => tf.mul(change, scale),
      frozenOnly: () => frozen,
      minus: () => tf.sub(frozen, tf.mul(change, scale)),
      ...(isSquare ? { notTurned: () => tf.add(tf.matMul(x, W), tf.mul(change, scale)) } : {}),
    },
  });
}

const random = (rows: number, columns: number, seed: number): tf.Tensor2D =>
  tf.randomNormal<tf.Rank.R2>([rows, columns], 0, 1, 'float32', seed);

export default exercise<Lora>({
  kind: 'function',
  checks: {
    // x Wᵀ = [1·1 + 2·2, 1·3 + 2·4] = [5, 11]; x A = 1·1 + 2·2 = 5, times B = [5, 50], doubled [10, 100].
    byHand: ({ learner }) => {
      const [x, W] = [tf.tensor2d([1, 2], [1, 2]), tf.tensor2d([1, 2, 3, 4], [2, 2])];
      const [A, B] = [tf.tensor2d([1, 2], [2, 1]), tf.tensor2d([1, 10], [1, 2])];
      const input = 'x = [[1, 2]], W = [[1, 2], [3, 4]], A = [[1], [2]], B = [[1, 10]], scale = 2';
      check(learner, [x, W, A, B, 2], input, tf.tensor2d([15, 111], [1, 2]));
    },
    begin: ({ learner }) => {
      const [x, W] = [random(4, 6, 1), random(6, 6, 2)];
      check(learner, [x, W, random(6, 2, 3), tf.zeros([2, 6]), 3], 'B = 0', tf.matMul(x, W, false, true));
    },
    shapes: ({ learner }) => {
      check(learner, [random(3, 8, 4), random(5, 8, 5), random(8, 2, 6), random(2, 5, 7), 0.5], 'in 8, out 5, rank 2');
      check(learner, [random(7, 4, 8), random(9, 4, 9), random(4, 1, 10), random(1, 9, 11), 16], 'in 4, out 9, rank 1');
    },
  },
});
