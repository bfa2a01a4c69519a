import { tf } from 'deep-learning-lab';
import { exercise, expectClose } from 'deep-learning-lab/grading';

type Grouped = (q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D) => tf.Tensor;
/** Which head of keys a head asks. */
type Place = (head: number, heads: number, keyHeads: number) => number;

const own: Place = (head, heads, keyHeads) => Math.floor((head * keyHeads) / heads);
const byTurns: Place = (head, _, keyHeads) => head % keyHeads;
const first: Place = () => 0;

function each(x: tf.Tensor3D, heads: number, place: Place): tf.Tensor {
  const places = Array.from({ length: heads }, (_, head) => place(head, heads, x.shape[0]));
  return tf.gather(x, tf.tensor1d(places, 'int32'));
}
const shares = (q: tf.Tensor3D, k: tf.Tensor, root = Math.sqrt(q.shape[2])): tf.Tensor =>
  tf.softmax(tf.div(tf.matMul(q, k as tf.Tensor3D, false, true), root));
const right = (q: tf.Tensor3D, k: tf.Tensor3D, v: tf.Tensor3D, keys: Place = own, values = keys): tf.Tensor =>
  tf.matMul(shares(q, each(k, q.shape[0], keys)), each(v, q.shape[0], values));

function check(learner: Grouped, [q, k, v]: Parameters<Grouped>, input: string, expected = right(q, k, v)): void {
  const mean = (x: tf.Tensor3D): tf.Tensor3D => tf.mean<tf.Tensor3D>(x, 0, true);
  expectClose(learner(q, k, v), expected, {
    input,
    mistakes: {
      byTurns: () => right(q, k, v, byTurns),
      firstOnly: () => right(q, k, v, first),
      mean: () => right(q, mean(k), mean(v)),
      notScaled: () => tf.matMul(shares(q, each(k, q.shape[0], own), 1), each(v, q.shape[0], own)),
      valuesByTurns: () => right(q, k, v, own, byTurns),
      sharesOnly: () => shares(q, each(k, q.shape[0], own)),
    },
  });
}

const random = (shape: [number, number, number], seed: number): tf.Tensor3D =>
  tf.randomNormal<tf.Rank.R3>(shape, 0, 1, 'float32', seed);

export default exercise<Grouped>({
  kind: 'function',
  checks: {
    // Width 1, so that √d is 1. Scores 0 and ln 3 are shares of 1/4 and 3/4; a query of 0 shares evenly. Values 4 and 8, 40 and 80.
    byHand: ({ learner }) => {
      const ln = Math.log(3);
      // prettier-ignore
      const [q, k, v] = [
        tf.tensor3d([1, 1, 0, 0, 1, 1, 0, 0], [4, 2, 1]),
        tf.tensor3d([0, ln, ln, 0], [2, 2, 1]),
        tf.tensor3d([4, 8, 40, 80], [2, 2, 1]),
      ];
      const expected = tf.tensor3d([7, 7, 6, 6, 50, 50, 60, 60], [4, 2, 1]);
      check(
        learner,
        [q, k, v],
        'q = [[1, 1], [0, 0], [1, 1], [0, 0]], k = [[0, ln 3], [ln 3, 0]], v = [[4, 8], [40, 80]]',
        expected,
      );
    },
    several: ({ learner }) => {
      check(
        learner,
        [random([9, 5, 4], 1), random([3, 5, 4], 2), random([3, 5, 4], 3)],
        'q: [9, 5, 4], k, v: [3, 5, 4]',
      );
      check(
        learner,
        [random([6, 3, 2], 4), random([2, 3, 2], 5), random([2, 3, 2], 6)],
        'q: [6, 3, 2], k, v: [2, 3, 2]',
      );
    },
    single: ({ learner }) => {
      check(
        learner,
        [random([4, 3, 2], 7), random([1, 3, 2], 8), random([1, 3, 2], 9)],
        'q: [4, 3, 2], k, v: [1, 3, 2]',
      );
      check(learner, [random([3, 4, 2], 10), random([3, 4, 2], 11), random([3, 4, 2], 12)], 'q, k, v: [3, 4, 2]');
    },
  },
});
