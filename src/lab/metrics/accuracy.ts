import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { checkInteger, checkNumber, invalid } from '../check';
import { isYes, outputsOf, saysYes, trueClasses, type Reading } from './answers';
import {
  logitsOption,
  metricOptions,
  type BuiltInMean,
  type NamedMetric,
  type OutputOptions,
  type Reads,
} from './options';
import { oneHot } from '../oneHot';

/** What all shares of right answers have in common. */
export const SHARE = { range: [0, 1], better: 'higher' } as const;

function share(
  name: string,
  reads: Reads | undefined,
  hits: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor,
): BuiltInMean {
  const each = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const hit = tf.cast(hits(yTrue, yPred), 'float32');
      // Questions of one target count together.
      return hit.rank > 1 && hit.rank === yPred.rank ? tf.mean(hit, -1) : hit;
    });
  const mean = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Scalar => tf.tidy(() => tf.mean<tf.Scalar>(each(yTrue, yPred)));
  return { name, ...SHARE, ...(reads === undefined ? {} : { reads }), compute: Object.assign(mean, { each }) };
}

/** With `fromLogits`, for an output of one number a target: "yes" above 0, not 0.5. Classes need no such help. */
export type AccuracyOptions = OutputOptions;

/**
 * The share of right predictions, 0 to 1. Which predictions, the shapes say, as in Keras:
 *
 * - yTrue [batch, …], yPred [batch, …, classes]: the class with the largest output (sparse categorical);
 * - yTrue and yPred [batch, …, classes] with at least 2 classes: the same, against the largest target (categorical);
 * - one output a target: yes or no at the threshold (binary).
 *
 * @returns A metric; it throws MODEL_SHAPE for other shapes. Source: Keras Accuracy metrics.
 */
export function accuracy(options: AccuracyOptions = {}): BuiltInMean {
  const { owner, name, given } = metricOptions('accuracy', options, ['fromLogits']);
  return accuracyOf(name, 'class', logitsOption(owner, given));
}

export function accuracyOf(name: string, reading: Reading, fromLogits: boolean): BuiltInMean {
  return share(name, { factory: 'accuracy', fromLogits, always: false }, (yTrue, yPred) =>
    reading === 'yesOrNo' || outputsOf(yPred) === 1
      ? tf.equal(isYes(name, yTrue, yPred), saysYes(yPred, 0.5, fromLogits))
      : tf.equal(trueClasses(name, yTrue, yPred), tf.argMax(yPred, -1)),
  );
}

export interface ThresholdOptions extends OutputOptions {
  /** The probability above which an output means yes; between 0 and 1. Default 0.5. */
  readonly threshold?: number;
}

/** @throws LabError EXPERIMENT_INVALID */
export function thresholdOption(owner: string, given: Readonly<Record<string, unknown>>): number {
  const field = `${owner}: threshold`;
  const threshold = checkNumber(field, given['threshold'] ?? 0.5, 0, 1);
  if (threshold > 0 && threshold < 1) return threshold;
  throw invalid({ field, expected: l10n.t('a number between 0 and 1'), found: threshold });
}

/**
 * The share of outputs that answer yes or no rightly, each a question of its own: yTrue and yPred have as many elements,
 * e.g. [batch] and [batch, 1]; throws MODEL_SHAPE for others. Source: Keras BinaryAccuracy.
 *
 * @param options `threshold` (default 0.5), `fromLogits`.
 */
export function binaryAccuracy(options: ThresholdOptions = {}): BuiltInMean {
  const { owner, name, given } = metricOptions('binaryAccuracy', options, ['fromLogits', 'threshold']);
  const fromLogits = logitsOption(owner, given);
  const threshold = thresholdOption(owner, given);
  const reads = { factory: 'binaryAccuracy', fromLogits, always: true } as const;
  return share(name, reads, (yTrue, yPred) =>
    tf.equal(isYes(name, yTrue, yPred), saysYes(yPred, threshold, fromLogits)),
  );
}

export interface TopKOptions extends NamedMetric {
  /** How many classes count as answers, at least 1. Default 5. */
  readonly k?: number;
}

/**
 * The share of examples whose true class is among the k with the largest outputs; equal outputs share a place. Targets
 * and output as for `accuracy` with classes. Source: Keras TopKCategoricalAccuracy and its sparse sister.
 */
export function topKAccuracy(options: TopKOptions = {}): BuiltInMean {
  const { owner, name, given } = metricOptions('topKAccuracy', options, ['k']);
  const k = checkInteger(`${owner}: k`, given['k'] ?? 5, { min: 1 });
  return share(name, undefined, (yTrue, yPred) => {
    const mask = oneHot(tf.cast(trueClasses(name, yTrue, yPred), 'int32'), outputsOf(yPred));
    const own = tf.sum(tf.mul(mask, yPred), -1, true);
    return tf.less(tf.sum(tf.cast(tf.greater(yPred, own), 'int32'), -1), k);
  });
}
