import { tf } from 'deep-learning-lab';
import { exercise, expectClose, show, type Comparison } from 'deep-learning-lab/grading';
import { CLASSES, corner, oneHot, randomBatch, referenceLoss, type Batch } from '../reference';

type Loss = (logits: tf.Tensor2D, labels: tf.Tensor1D) => tf.Scalar;

/** What typical wrong answers give for a batch. */
function mistakes({ logits, labels }: Batch): NonNullable<Comparison['mistakes']> {
  const [size, classes] = logits.shape;
  const right = referenceLoss(logits, labels);
  return {
    summed: () => tf.mul(right, size),
    sign: () => tf.neg(right),
    overElements: () => tf.div(right, classes),
    perExample: () => tf.neg(tf.sum(tf.mul(oneHot(labels, classes), tf.logSoftmax(logits)), 1)),
    overflow: () => tf.neg(tf.mean(tf.log(tf.sum(tf.mul(oneHot(labels, classes), tf.softmax(logits)), 1)))),
    otherLogarithm: () => tf.div(right, Math.LN2),
  };
}

const inputOf = ({ logits, labels }: Batch): string => `logits = ${show(logits)}, labels = ${show(labels)}`;

export default exercise<Loss>({
  kind: 'function',
  checks: {
    // Ten classes and no opinion: −log ⅒ for each of the two examples.
    undecided: ({ learner }) => {
      const batch: Batch = { logits: tf.zeros([2, CLASSES]), labels: tf.tensor1d([1, 0], 'int32') };
      expectClose(learner(batch.logits, batch.labels), Math.log(CLASSES), {
        input: inputOf(batch),
        mistakes: mistakes(batch),
      });
    },
    random: ({ learner }) => {
      const batch = randomBatch(16);
      expectClose(learner(batch.logits, batch.labels), referenceLoss(batch.logits, batch.labels), {
        input: inputOf(batch),
        mistakes: mistakes(batch),
      });
    },
    // e^1000 is infinite in any floating point number; the loss is not.
    large: ({ learner }) => {
      const batch: Batch = { logits: corner([[1000]], [1, CLASSES]), labels: tf.tensor1d([1], 'int32') };
      const { logits, labels } = batch;
      const exponentials = tf.exp(logits);
      const naive = tf.div(exponentials, tf.sum(exponentials, 1, true));
      expectClose(learner(logits, labels), 1000, {
        input: inputOf(batch),
        mistakes: {
          ...mistakes(batch),
          overflowNaN: () => tf.neg(tf.mean(tf.log(tf.sum(tf.mul(oneHot(labels, CLASSES), naive), 1)))),
        },
      });
    },
  },
});
