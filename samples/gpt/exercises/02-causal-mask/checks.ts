import { tf } from 'deep-learning-lab';
import { exercise, expectClose } from 'deep-learning-lab/grading';

type Causal = (scores: tf.Tensor3D) => tf.Tensor;

/** 1 where `isHidden` says so of query t and key s. */
const matrix = (length: number, isHidden: (t: number, s: number) => boolean): tf.Tensor =>
  tf.tensor2d(Array.from({ length }, (_, t) => Array.from({ length }, (__, s) => +isHidden(t, s))));
const without = (scores: tf.Tensor, hidden: tf.Tensor): tf.Tensor => tf.add(scores, tf.mul(hidden, -1e9));

function check(learner: Causal, scores: tf.Tensor3D, input: string, given?: tf.Tensor): void {
  const later = matrix(scores.shape[2], (t, s) => s > t);
  const expected = given ?? tf.softmax(without(scores, later));
  expectClose(learner(scores), expected, {
    input,
    mistakes: {
      unmasked: () => tf.softmax(scores),
      past: () =>
        tf.softmax(
          without(
            scores,
            matrix(scores.shape[2], (t, s) => s < t),
          ),
        ),
      notItself: () =>
        tf.softmax(
          without(
            scores,
            matrix(scores.shape[2], (t, s) => s >= t),
          ),
        ),
      masked: () => tf.mul(tf.softmax(scores), tf.sub(1, later)),
      zeroScores: () => tf.softmax(tf.mul(scores, tf.sub(1, later))),
      noSoftmax: () => without(scores, later),
    },
  });
}

export default exercise<Causal>({
  kind: 'function',
  checks: {
    // The second row shares 1 and 3, the third 1, 1 and 2.
    byHand: ({ learner }) => {
      // prettier-ignore
      const scores = tf.tensor3d([[[0, 1, 2], [0, Math.log(3), 5], [0, 0, Math.log(2)]]]);
      // prettier-ignore
      const expected = tf.tensor3d([[[1, 0, 0], [1 / 4, 3 / 4, 0], [1 / 4, 1 / 4, 1 / 2]]]);
      check(learner, scores, 'scores = [[[0, 1, 2], [0, ln 3, 5], [0, 0, ln 2]]]', expected);
    },
    batch: ({ learner }) => {
      check(learner, tf.randomNormal<tf.Rank.R3>([4, 7, 7], 0, 2, 'float32', 1), 'scores: [4, 7, 7]');
    },
    negative: ({ learner }) => {
      const scores = tf.sub<tf.Tensor3D>(tf.randomNormal([1, 5, 5], 0, 1, 'float32', 2), 60);
      check(learner, scores, 'scores: [1, 5, 5], all near -60');
    },
  },
});
