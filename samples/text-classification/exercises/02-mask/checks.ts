import { tf } from 'deep-learning-lab';
import { exercise, expectClose, expectTensor, fail } from 'deep-learning-lab/grading';

type Mask = (tokens: tf.Tensor2D) => tf.Tensor;

const right: Mask = (tokens) => tf.cast(tf.notEqual(tokens, 0), 'float32');

function check(learner: Mask, rows: number[][]): void {
  const tokens = tf.tensor2d(rows, undefined, 'int32');
  const input = `tokens = ${JSON.stringify(rows)}`;
  expectClose(learner(tokens), right(tokens), {
    input,
    mistakes: {
      nothing: () => tf.onesLike(right(tokens)),
      inverted: () => tf.sub(1, right(tokens)),
      unknownToo: () => tf.cast(tf.greater(tokens, 1), 'float32'),
      numbers: () => tf.cast(tokens, 'float32'),
    },
  });
}

export default exercise<Mask>({
  kind: 'function',
  checks: {
    padding: ({ learner }) => {
      check(learner, [
        [5, 9, 2, 0, 0],
        [7, 0, 0, 0, 0],
      ]);
      return undefined;
    },
    unknown: ({ learner }) => {
      check(learner, [[4, 1, 1, 0]]);
      return undefined;
    },
    dtype: ({ learner }) => {
      const { dtype } = expectTensor(learner(tf.tensor2d([[3, 0]], undefined, 'int32')), [1, 2]);
      if (dtype !== 'float32') fail({ mistake: 'dtype', expected: 'float32', found: dtype });
      return undefined;
    },
  },
});
