import { tf } from 'deep-learning-lab';
import { exercise, expectClose, expectTensor, show, type Comparison } from 'deep-learning-lab/grading';

type ApplyMask = (x: tf.Tensor, mask: tf.Tensor, rate: number) => tf.Tensor;

function mistakes(x: tf.Tensor, mask: tf.Tensor, rate: number): NonNullable<Comparison['mistakes']> {
  const kept = tf.mul(x, mask);
  return {
    notScaled: () => kept,
    notMasked: () => x,
    scaledDown: () => tf.mul(kept, 1 - rate),
    dividedByRate: () => tf.div(kept, rate),
    onlyScaled: () => tf.div(x, 1 - rate),
  };
}

export default exercise<ApplyMask>({
  kind: 'function',
  checks: {
    // What is kept becomes 1/0.8 times as large.
    byHand: ({ learner }) => {
      const x = tf.tensor1d([1, 2, 3, 4]);
      const mask = tf.tensor1d([1, 0, 1, 1]);
      const input = `x = ${show(x)}, mask = ${show(mask)}, rate = 0.2`;
      const expected = tf.tensor1d([1.25, 0, 3.75, 5]);
      expectClose(learner(x, mask, 0.2), expected, { input, mistakes: mistakes(x, mask, 0.2) });
    },
    // The mean over 4,000 masks strays from x by less than 5 %.
    expectation: ({ learner }) => {
      const x = tf.tensor2d([[1, -2, 3]]);
      const rows = tf.tile(x, [4000, 1]);
      for (const rate of [0.3, 0.6]) {
        const mask = tf.cast(tf.greaterEqual(tf.randomUniform([4000, 3]), rate), 'float32');
        const input = `x = ${show(x)}, rate = ${show(rate)}, 4000 masks`;
        const found = expectTensor(learner(rows, mask, rate), [4000, 3], { input });
        const average = (answer: () => tf.Tensor | number) => () => tf.mean(answer(), 0);
        const typical = Object.entries(mistakes(rows, mask, rate)).filter(([key]) => key !== 'notMasked');
        expectClose(tf.mean(found, 0), tf.tensor1d([1, -2, 3]), {
          input,
          tolerance: 0.06,
          mistakes: Object.fromEntries(typical.map(([key, answer]) => [key, average(answer)])),
        });
      }
    },
    nothing: ({ learner }) => {
      const x = tf.tensor1d([1, 2]);
      expectClose(learner(x, tf.ones([2]), 0), x, { input: 'x = [1, 2], mask = [1, 1], rate = 0' });
    },
  },
});
