import * as tf from '@tensorflow/tfjs';
import { alignTargets, isSparse } from '../losses/shapes';
import { SHARE } from './accuracy';
import { classesExpected, countsEach, classProbabilities, outputsOf, type Reading } from './answers';
import { logitsOption, metricOptions, type BuiltInSums, type OutputOptions } from './options';
import { oneHot } from '../oneHot';

/** As in Keras: so many thresholds, evenly from 0 to 1. */
const THRESHOLDS = 200;
/** Between thresholds i and i + 1 lie the scores of bin i. */
const BINS = THRESHOLDS - 1;

/**
 * The area under the ROC curve: how probable it is that a positive example gets a higher score than a negative one; 0.5
 * is guessing. By 200 thresholds as in Keras, which is the exact area up to about 0.005; counted over the whole epoch.
 * Without a positive or without a negative example there is no value.
 *
 * The score is the probability of yes where there is one output a target, and of the second class of two. With more
 * classes, or with targets in the shape of the output, each output is one question: is it this class?
 *
 * @param options `fromLogits`.
 * @returns A metric for targets and outputs of `accuracy`; throws MODEL_SHAPE for others. Source: Keras AUC.
 */
export function auc(options: OutputOptions = {}): BuiltInSums {
  const { owner, name, given } = metricOptions('auc', options, ['fromLogits']);
  return aucOf(name, 'class', logitsOption(owner, given));
}

export function aucOf(name: string, reading: Reading, fromLogits: boolean): BuiltInSums {
  return {
    name,
    ...SHARE,
    isCount: true,
    reads: { factory: 'auc', fromLogits, always: true },
    sums: (yTrue, yPred, mask) =>
      tf.tidy(() => {
        const { yes, scores } = questions(name, yTrue, yPred, { reading, fromLogits });
        // A score on a threshold is not above it.
        const bin = tf.cast(tf.clipByValue(tf.sub(tf.ceil(tf.mul(scores, BINS)), 1), 0, BINS - 1), 'int32');
        const inBin = tf.oneHot(bin, BINS);
        const both = tf.stack([yes, tf.sub(1, yes)]);
        const counts = countsEach(mask, yes.size);
        const kinds = counts === undefined ? both : tf.mul(both, tf.reshape(counts, [1, -1]));
        return tf.reshape(tf.matMul(kinds, tf.cast(inBin, 'float32')), [2 * BINS]);
      }),
    result: (sums) => area(sums.slice(0, BINS), sums.slice(BINS)),
  };
}

/** Scores 0 to 1 and whether yes is right, 1 or 0; both [questions]. */
function questions(
  name: string,
  yTrue: tf.Tensor,
  yPred: tf.Tensor,
  { reading, fromLogits }: { readonly reading: Reading; readonly fromLogits: boolean },
): { readonly yes: tf.Tensor1D; readonly scores: tf.Tensor1D } {
  const classes = outputsOf(yPred);
  if (reading === 'yesOrNo' || classes === 1) {
    const scores = fromLogits ? tf.sigmoid(yPred) : yPred;
    return { yes: tf.reshape(alignTargets(name, yTrue, yPred), [-1]), scores: tf.reshape(scores, [-1]) };
  }
  const probabilities = tf.reshape(classProbabilities(yPred, fromLogits), [-1, classes]);
  if (!isSparse(yTrue, yPred)) {
    if (yTrue.size !== yPred.size) throw classesExpected(name, yTrue, yPred);
    return { yes: tf.reshape(alignTargets(name, yTrue, yPred), [-1]), scores: tf.reshape(probabilities, [-1]) };
  }
  const labels = tf.reshape(tf.cast(yTrue, 'int32'), [-1]);
  if (classes === 2) {
    const second = tf.slice(probabilities, [0, 1], [-1, 1]);
    return { yes: tf.reshape(tf.cast(labels, 'float32'), [-1]), scores: tf.reshape(second, [-1]) };
  }
  return {
    yes: tf.reshape(tf.cast(oneHot(labels, classes), 'float32'), [-1]),
    scores: tf.reshape(probabilities, [-1]),
  };
}

/** Trapezoids under the curve of the true-positive over the false-positive rate. */
function area(positives: readonly number[], negatives: readonly number[]): number {
  let [hits, alarms, sum] = [0, 0, 0];
  for (let bin = BINS - 1; bin >= 0; bin--) {
    const [positive, negative] = [positives[bin] ?? 0, negatives[bin] ?? 0];
    sum += negative * (hits + positive / 2);
    hits += positive;
    alarms += negative;
  }
  return sum / (hits * alarms);
}
