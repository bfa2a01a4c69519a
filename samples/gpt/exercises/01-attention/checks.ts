import { tf } from 'deep-learning-lab';
import { exercise, expectClose } from 'deep-learning-lab/grading';

type Attend = (q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D) => tf.Tensor;

const scoresOf = (q: tf.Tensor, k: tf.Tensor): tf.Tensor => tf.matMul(q, k, false, true);
const width = (q: tf.Tensor): number => q.shape.at(-1) ?? 1;
const scaled = (q: tf.Tensor, k: tf.Tensor): tf.Tensor => tf.div(scoresOf(q, k), Math.sqrt(width(q)));
const right: Attend = (q, k, v) => tf.matMul(tf.softmax(scaled(q, k)), v);
const swap = (scores: tf.Tensor): tf.Tensor => tf.transpose(scores, [0, 2, 1]);

function check(learner: Attend, [q, k, v]: Parameters<Attend>, input: string, expected = right(q, k, v)): void {
  expectClose(learner(q, k, v), expected, {
    input,
    mistakes: {
      notScaled: () => tf.matMul(tf.softmax(scoresOf(q, k)), v),
      overWidth: () => tf.matMul(tf.softmax(tf.div(scoresOf(q, k), width(q))), v),
      overQueries: () => tf.matMul(swap(tf.softmax(swap(scaled(q, k)))), v),
      swapped: () => tf.matMul(tf.softmax(scaled(k, q)), v),
      noSoftmax: () => tf.matMul(scaled(q, k), v),
      alike: () => tf.add(tf.zerosLike(v), tf.mean(v, 1, true)),
      sharesOnly: () => tf.softmax(scaled(q, k)),
    },
  });
}

const random = (shape: [number, number, number], seed: number): tf.Tensor3D =>
  tf.randomNormal<tf.Rank.R3>(shape, 0, 1, 'float32', seed);

export default exercise<Attend>({
  kind: 'function',
  checks: {
    // Width 4, so the scores are halved: 2·ln 3 becomes ln 3, and the shares are 1/4 and 3/4. The second query is even.
    byHand: ({ learner }) => {
      const ln = 2 * Math.log(3);
      // prettier-ignore
      const [q, k, v] = [
        tf.tensor3d([[[1, 0, 0, 0], [0, 1, 0, 0]]]),
        tf.tensor3d([[[0, 0, 0, 0], [ln, 0, 0, 0]]]),
        tf.tensor3d([[[4, 0, 0, 0], [0, 8, 0, 0]]]),
      ];
      // prettier-ignore
      const expected = tf.tensor3d([[[1, 6, 0, 0], [2, 4, 0, 0]]]);
      check(
        learner,
        [q, k, v],
        'q = [[1, 0, 0, 0], [0, 1, 0, 0]], k = [[0, 0, 0, 0], [2 ln 3, 0, 0, 0]], v = [[4, 0, 0, 0], [0, 8, 0, 0]]',
        expected,
      );
    },
    batch: ({ learner }) => {
      check(learner, [random([3, 5, 4], 1), random([3, 5, 4], 2), random([3, 5, 4], 3)], 'q, k, v: [3, 5, 4]');
    },
    large: ({ learner }) => {
      check(learner, [random([1, 6, 256], 4), random([1, 6, 256], 5), random([1, 6, 256], 6)], 'q, k, v: [1, 6, 256]');
    },
  },
});
