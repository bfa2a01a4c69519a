import { tf } from 'deep-learning-lab';
import { exercise, expectClose, expectTensor, fail, number, show, type Comparison } from 'deep-learning-lab/grading';
import { CLASSES, oneHot, randomBatch, referenceGradient, referenceLoss, type Batch } from '../reference';

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
    // p = ⅒ everywhere: (⅒ − 1)/2 at the label, (⅒ − 0)/2 beside it.
    undecided: ({ learner }) => {
      const batch: Batch = { logits: tf.zeros([2, CLASSES]), labels: tf.tensor1d([1, 0], 'int32') };
      const expected = tf.tensor2d(
        [1, 0].map((label) => Array.from({ length: CLASSES }, (_, k) => (k === label ? -0.45 : 0.05))),
      );
      expectClose(learner(batch.logits, batch.labels), expected, { input: inputOf(batch), mistakes: mistakes(batch) });
    },
    autodiff: ({ learner }) => {
      const batch = randomBatch(7);
      expectClose(learner(batch.logits, batch.labels), referenceGradient(batch.logits, batch.labels), {
        input: inputOf(batch),
        mistakes: mistakes(batch),
      });
    },
    // The slope of the loss itself, measured a little to both sides of each logit.
    differences: ({ learner }) => {
      const batch = randomBatch(2);
      const { logits, labels } = batch;
      const step = 0.02;
      const at = (shift: tf.Tensor): number => referenceLoss(tf.add(logits, shift), labels).dataSync()[0];
      const slopes = Array.from({ length: logits.size }, (_, i) => {
        const shift = tf.reshape(tf.mul(tf.cast(tf.oneHot([i], logits.size), 'float32'), step), logits.shape);
        return (at(shift) - at(tf.neg(shift))) / (2 * step);
      });
      expectClose(learner(logits, labels), tf.tensor2d(slopes, logits.shape), {
        input: inputOf(batch),
        tolerance: 1e-2,
        mistakes: mistakes(batch),
      });
    },
    // Raising all logits of an example alike changes no probability, so no loss.
    rows: ({ learner }) => {
      const batch = randomBatch(4);
      const sums = tf.sum(
        expectTensor(learner(batch.logits, batch.labels), batch.logits.shape, { mistakes: mistakes(batch) }),
        1,
      );
      const worst = tf.max(tf.abs(sums)).dataSync()[0];
      const size = tf.max(tf.abs(learner(batch.logits, batch.labels))).dataSync()[0];
      if (worst > 1e-4) fail({ mistake: 'rows', expected: '0', found: number(worst), input: inputOf(batch) });
      if (size === 0) fail({ mistake: 'allZero', expected: '≠ 0', found: '0', input: inputOf(batch) });
    },
  },
});
