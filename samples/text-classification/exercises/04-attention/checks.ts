import { tf } from 'deep-learning-lab';
import { exercise, expectClose } from 'deep-learning-lab/grading';

type Attention = (x: tf.Tensor3D, mask: tf.Tensor2D, query: tf.Tensor1D) => tf.Tensor;

const scoresOf = (x: tf.Tensor3D, query: tf.Tensor1D): tf.Tensor => tf.sum(tf.mul(x, query), 2);
const hidden = (mask: tf.Tensor2D): tf.Tensor => tf.mul(tf.sub(1, mask), -1e9);
const right: Attention = (x, mask, query) => tf.softmax(tf.add(scoresOf(x, query), hidden(mask)));

interface Given {
  readonly x: tf.Tensor3D;
  readonly mask: tf.Tensor2D;
  readonly query: tf.Tensor1D;
  readonly input: string;
}

function check(learner: Attention, { x, mask, query, input }: Given): void {
  const scores = (): tf.Tensor => scoresOf(x, query);
  const overBatch = (values: tf.Tensor): tf.Tensor => tf.transpose(tf.softmax(tf.transpose(values)));
  expectClose(learner(x, mask, query), right(x, mask, query), {
    input,
    mistakes: {
      alike: () => tf.div(mask, tf.sum(mask, 1, true)),
      paddingToo: () => tf.softmax(scores()),
      zeroScores: () => tf.softmax(tf.mul(scores(), mask)),
      notOne: () => tf.mul(tf.softmax(scores()), mask),
      overBatch: () => overBatch(tf.add(scores(), hidden(mask))),
      overflow: () => {
        const shares = tf.mul(tf.exp(scores()), mask);
        return tf.div(shares, tf.sum(shares, 1, true));
      },
    },
  });
}

const mask = (): tf.Tensor2D =>
  tf.tensor2d([
    [1, 1, 0],
    [1, 1, 1],
  ]);

export default exercise<Attention>({
  kind: 'function',
  checks: {
    // Scores 0, ln 3, and one that does not count: a quarter and three quarters.
    byHand: ({ learner }) => {
      check(learner, {
        // prettier-ignore
        x: tf.tensor3d([[[0, 1], [Math.log(3), 1], [5, 1]], [[1, 0], [1, 2], [1, 4]]]),
        mask: mask(),
        query: tf.tensor1d([1, 0]),
        input:
          'x = [[[0, 1], [ln 3, 1], [5, 1]], [[1, 0], [1, 2], [1, 4]]], mask = [[1, 1, 0], [1, 1, 1]], query = [1, 0]',
      });
    },
    batch: ({ learner }) => {
      check(learner, {
        x: tf.randomNormal<tf.Rank.R3>([4, 6, 5], 0, 1, 'float32', 3),
        mask: tf.tensor2d(Array.from({ length: 4 }, (_, i) => Array.from({ length: 6 }, (__, j) => +(j <= i + 1)))),
        query: tf.randomNormal<tf.Rank.R1>([5], 0, 1, 'float32', 4),
        input: 'x: [4, 6, 5]',
      });
    },
    large: ({ learner }) => {
      check(learner, {
        // prettier-ignore
        x: tf.tensor3d([[[200, 0], [199, 0], [0, 0]], [[-200, 0], [-201, 0], [-200, 0]]]),
        mask: mask(),
        query: tf.tensor1d([1, 1]),
        input: 'x = [[[200, 0], [199, 0], [0, 0]], [[-200, 0], [-201, 0], [-200, 0]]], query = [1, 1]',
      });
    },
  },
});
