import { tf } from 'deep-learning-lab';
import { exercise, expectClose } from 'deep-learning-lab/grading';

type SplitHeads = (x: tf.Tensor3D, heads: number) => tf.Tensor;

const right: SplitHeads = (x, heads) => tf.stack(tf.split(x, heads, 2), 1);

function check(learner: SplitHeads, x: tf.Tensor3D, heads: number, input: string, expected = right(x, heads)): void {
  const [batch, length, width] = x.shape;
  const each = width / heads;
  expectClose(learner(x, heads), expected, {
    input,
    mistakes: {
      reshaped: () => tf.reshape(x, [batch, heads, length, each]),
      notMoved: () => tf.reshape(x, [batch, length, heads, each]),
      interleaved: () => tf.transpose(tf.reshape(x, [batch, length, each, heads]), [0, 3, 1, 2]),
      turned: () => tf.transpose(right(x, heads), [0, 1, 3, 2]),
    },
  });
}

const counted = (batch: number, length: number, width: number): tf.Tensor3D =>
  tf.reshape(tf.range(0, batch * length * width), [batch, length, width]);

export default exercise<SplitHeads>({
  kind: 'function',
  checks: {
    byHand: ({ learner }) => {
      // prettier-ignore
      const expected = tf.tensor4d([[[[0, 1], [4, 5], [8, 9]], [[2, 3], [6, 7], [10, 11]]]]);
      check(learner, counted(1, 3, 4), 2, 'x = [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]], heads = 2', expected);
    },
    batch: ({ learner }) => {
      check(learner, counted(2, 5, 12), 3, 'x: [2, 5, 12], heads = 3');
      check(learner, counted(3, 2, 8), 4, 'x: [3, 2, 8], heads = 4');
    },
    one: ({ learner }) => {
      check(learner, counted(2, 3, 4), 1, 'x: [2, 3, 4], heads = 1');
    },
  },
});
