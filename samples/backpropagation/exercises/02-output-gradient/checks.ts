import { tf } from 'deep-learning-lab';
import { exercise, expectClose, expectTensor, fail, number, show, type Comparison } from 'deep-learning-lab/grading';
import { oneHot, randomBatch, referenceGradient, referenceLoss, type Batch } from '../reference';

type OutputGradient = (logits: tf.Tensor2D, labels: tf.Tensor1D) => tf.Tensor2D;

function mistakes({ logits, labels }: Batch): NonNullable<Comparison['mistakes']> {
  const [size, classes] = logits.shape;
  const p = tf.softmax(logits);
  const difference = tf.sub(p, oneHot(labels, classes));
  return {
    notDivided: () => difference,
    sign: () => tf.div(tf.neg(difference), size),
    noTarget: () => tf.div(p, size),
    noSoftmax: () => tf.div(tf.sub(logits, oneHot(labels, classes)), size),
    squaredError: () => tf.div(tf.mul(difference, tf.mul(p, tf.sub(1, p))), size),
  };
}

const inputOf = ({ logits, labels }: Batch): string => `logits = ${show(logits)}, labels = ${show(labels)}`;

export default exercise<OutputGradient>({
  kind: 'function',
  checks: {
    // p = ½ everywhere: (½ − 1)/2 at the label, (½ − 0)/2 beside it.
    undecided: ({ learner }) => {
      const batch: Batch = { logits: tf.zeros([2, 2]), labels: tf.tensor1d([1, 0], 'int32') };
      const expected = tf.tensor2d([0.25, -0.25, -0.25, 0.25], [2, 2]);
      expectClose(learner(batch.logits, batch.labels), expected, { input: inputOf(batch), mistakes: mistakes(batch) });
    },
    autodiff: ({ learner }) => {
      const batch = randomBatch(7, 10);
      expectClose(learner(batch.logits, batch.labels), referenceGradient(batch.logits, batch.labels), {
        input: inputOf(batch),
        mistakes: mistakes(batch),
      });
    },
    // The slope of the loss itself, measured a little to both sides of each logit.
    differences: ({ learner }) => {
      const batch = randomBatch(2, 3);
      const { logits, labels } = batch;
      const step = 0.02;
      const at = (shift: tf.Tensor): number => referenceLoss(tf.add(logits, shift), labels).dataSync()[0];
      const slopes = Array.from({ length: 6 }, (_, i) => {
        const shift = tf.reshape(tf.mul(tf.cast(tf.oneHot([i], 6), 'float32'), step), [2, 3]);
        return (at(shift) - at(tf.neg(shift))) / (2 * step);
      });
      expectClose(learner(logits, labels), tf.tensor2d(slopes, [2, 3]), {
        input: inputOf(batch),
        tolerance: 1e-2,
        mistakes: mistakes(batch),
      });
    },
    // Raising all logits of an example alike changes no probability, so no loss.
    rows: ({ learner }) => {
      const batch = randomBatch(4, 5);
      const sums = tf.sum(expectTensor(learner(batch.logits, batch.labels), [4, 5], { mistakes: mistakes(batch) }), 1);
      const worst = tf.max(tf.abs(sums)).dataSync()[0];
      const size = tf.max(tf.abs(learner(batch.logits, batch.labels))).dataSync()[0];
      if (worst > 1e-4) fail({ mistake: 'rows', expected: '0', found: number(worst), input: inputOf(batch) });
      if (size === 0) fail({ mistake: 'allZero', expected: '≠ 0', found: '0', input: inputOf(batch) });
    },
  },
});
