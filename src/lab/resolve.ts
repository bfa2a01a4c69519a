/** What a training needs of the names in an experiment, and of the functions in it. Not part of what model files import. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { LabError } from '../protocol/errors';
import type { MetricTraits } from '../protocol/run';
import { describe, invalid } from './check';
import type { Loss, LossName, Metric, MetricName } from './experiment';
import * as losses from './losses';
import { lossFamily } from './losses/define';
import { sameShape } from './losses/shapes';
import * as metrics from './metrics';
import { accuracyOf } from './metrics/accuracy';
import type { Reading } from './metrics/answers';
import { aucOf } from './metrics/auc';
import { countMetric } from './metrics/counts';
import type { Reads } from './metrics/options';

/** How much each target counts. */
export interface Counting {
  /** [batch], or one number for each target: the mean is that of weight · loss, as in Keras. */
  readonly weights?: tf.Tensor | undefined;
  /** [batch, …positions], 1 for what counts and 0 for what does not: the mean is over the former alone. */
  readonly mask?: tf.Tensor | undefined;
}

export interface ResolvedLoss {
  readonly name: string;
  readonly fromLogits: boolean;
  /**
   * The mean over the batch.
   * @throws LabError MODEL_LOSS_VALUE for what is no loss
   */
  readonly compute: (yTrue: tf.Tensor, yPred: tf.Tensor, counting?: Counting) => tf.Scalar;
}

export interface ResolvedMetric extends MetricTraits {
  readonly name: string;
  /**
   * A mean over the batch, or over what the mask lets count, a scalar; with `result`, a vector of sums over it.
   * @throws LabError MODEL_METRIC_VALUE for what is neither
   */
  readonly compute: (yTrue: tf.Tensor, yPred: tf.Tensor, mask?: tf.Tensor) => tf.Tensor;
  /** How it takes the output; of metrics of the lab to which it matters. */
  readonly reads?: Reads;
  /** The sums are counts: rounding may move one example from one to another. */
  readonly isCount?: boolean;
  /** The metric from the sums of all batches. Absent for a mean. */
  readonly result?: (sums: readonly number[]) => number;
}

/** By name, a loss has its defaults: the output is probabilities, targets are not smoothed. */
export function resolveLoss(loss: LossName | Loss): ResolvedLoss {
  const { name, fromLogits, compute } = typeof loss === 'string' ? losses[loss]() : loss;
  return {
    name,
    fromLogits,
    compute: (yTrue, yPred, { weights, mask } = {}) =>
      tf.tidy(() => {
        if (weights === undefined && mask === undefined) return meanOf(name, compute, compute(yTrue, yPred), yPred);
        const value: unknown = (compute.each ?? compute)(yTrue, yPred);
        if (!isTensor(value) || !isEach(value, yPred) || value.rank < (mask?.rank ?? 0)) {
          throw uncountable(name, compute, value);
        }
        return countedMean(weights === undefined ? value : tf.mul(value, wideAs(weights, value)), mask);
      }),
  };
}

function meanOf(name: string, compute: unknown, value: unknown, yPred: tf.Tensor): tf.Scalar {
  const reduced = isTensor(value) ? scalarOf(value, yPred) : undefined;
  if (reduced !== undefined) return reduced;
  const message = isTensor(value)
    ? l10n.t('The loss "{0}" returns neither one number nor one for each example.', name)
    : l10n.t('The loss "{0}" does not return a tensor.', name);
  throw wrongValue('MODEL_LOSS_VALUE', compute, message, value);
}

/** [batch, …] in the rank of values, so that each row or position is multiplied by its own. */
export function wideAs(factors: tf.Tensor, values: tf.Tensor): tf.Tensor {
  return tf.reshape(factors, [...factors.shape, ...values.shape.slice(factors.rank).map(() => 1)]);
}

/** Σ mask · value / Σ mask; where nothing counts, 0. */
function countedMean(values: tf.Tensor, mask: tf.Tensor | undefined): tf.Scalar {
  if (mask === undefined) return tf.mean(values);
  const inner = values.rank > mask.rank ? tf.mean(values, axesFrom(mask.rank, values.rank)) : values;
  return tf.div(tf.sum(tf.mul(inner, mask)), tf.maximum(tf.sum(mask), EPSILON));
}

/** Smaller than one target that counts. */
const EPSILON = 1e-7;

const axesFrom = (from: number, rank: number): number[] => Array.from({ length: rank - from }, (_, i) => from + i);

function uncountable(name: string, compute: unknown, value: unknown): LabError {
  return new LabError(
    {
      code: 'MODEL_LOSS_VALUE',
      message: l10n.t(
        'The loss "{0}" cannot be weighted or masked: it does not return one number for each example or position.',
        name,
      ),
      expected: l10n.t('a tensor of shape [batch], or [batch, …positions]'),
      found: found(value),
      remedy: l10n.t(
        "Let 'compute' return one number for each target, [batch] or [batch, …positions]; the lab takes the mean. Or remove the weights or the mask.",
      ),
    },
    { about: compute },
  );
}

export interface MetricContext {
  readonly loss: { readonly name: string; readonly fromLogits: boolean };
  /** Number of classes of the data, 0 for regression. */
  readonly classes: number;
}

/**
 * By name, a metric follows the loss: it knows whether the output is logits, and whether each output answers a question of
 * its own.
 */
export function resolveMetric(metric: MetricName | Metric, context: MetricContext): ResolvedMetric {
  const made: Made = typeof metric === 'string' ? metricFor(metric, context) : metric;
  const { name } = made;
  if ('sums' in made) {
    const { sums, ...rest } = made;
    return { ...rest, compute: (yTrue, yPred, mask) => vectorOf(name, sums, sums(yTrue, yPred, mask)) };
  }
  const { compute, ...rest } = made;
  return {
    ...rest,
    compute: (yTrue, yPred, mask) => {
      if (mask === undefined) return metricMean(name, compute, compute(yTrue, yPred), yPred);
      const value: unknown = (compute.each ?? compute)(yTrue, yPred);
      if (isTensor(value) && isEach(value, yPred) && value.rank >= mask.rank) {
        return countedMean(tf.cast(value, 'float32'), mask);
      }
      throw unmasked(name, compute, value);
    },
  };
}

type Made = Metric & Pick<ResolvedMetric, 'reads' | 'isCount'>;

function metricMean(name: string, compute: unknown, value: unknown, yPred: tf.Tensor): tf.Tensor {
  const reduced = isTensor(value) ? scalarOf(value, yPred) : undefined;
  if (reduced !== undefined) return reduced;
  const message = isTensor(value)
    ? l10n.t('The metric "{0}" returns neither one number nor one for each example.', name)
    : l10n.t('The metric "{0}" does not return a tensor.', name);
  throw wrongValue('MODEL_METRIC_VALUE', compute, message, value);
}

function unmasked(name: string, compute: unknown, value: unknown): LabError {
  return new LabError(
    {
      code: 'MODEL_METRIC_VALUE',
      message: l10n.t('The metric "{0}" cannot be masked: it does not return one number for each target.', name),
      expected: l10n.t('a tensor of shape [batch], or [batch, …positions]'),
      found: found(value),
      remedy: l10n.t("Let 'compute' return one number for each target; the lab takes the mean of those that count."),
    },
    { about: compute },
  );
}

function vectorOf(name: string, sums: unknown, value: unknown): tf.Tensor {
  if (isTensor(value) && value.rank === 1 && value.dtype !== 'string') return tf.cast(value, 'float32');
  throw new LabError(
    {
      code: 'MODEL_METRIC_VALUE',
      message: l10n.t('The metric "{0}" does not return a vector of sums.', name),
      expected: l10n.t('a tensor of shape [sums]'),
      found: found(value),
      remedy: l10n.t("Let 'sums' return one vector, e.g. tf.stack([hits, said])."),
    },
    { about: sums },
  );
}

const NUMBERS_ONLY: ReadonlySet<MetricName> = new Set(['meanSquaredError', 'meanAbsoluteError', 'r2']);

function metricFor(metric: MetricName, { loss, classes }: MetricContext): Made {
  const { fromLogits } = loss;
  const reading: Reading = lossFamily(loss) === 'binary' ? 'yesOrNo' : 'class';
  if (!NUMBERS_ONLY.has(metric) && classes === 0 && reading !== 'yesOrNo') {
    throw invalid({
      field: 'metrics',
      expected: l10n.t('a metric for numbers: this data has no classes'),
      found: metric,
      remedy: l10n.t("Use 'meanAbsoluteError' instead of '{0}'.", metric),
    });
  }
  switch (metric) {
    case 'accuracy':
      return accuracyOf(metric, reading, fromLogits);
    case 'auc':
      return aucOf(metric, reading, fromLogits);
    case 'precision':
    case 'recall':
    case 'f1':
      return countMetric(metric, reading, fromLogits);
    case 'binaryAccuracy':
    case 'perplexity':
      return metrics[metric]({ fromLogits });
    case 'topKAccuracy':
    case 'r2':
    case 'meanSquaredError':
    case 'meanAbsoluteError':
      return metrics[metric]();
  }
}

/** A scalar as it is, one number for each target by its mean; undefined for other shapes. */
function scalarOf(value: tf.Tensor, yPred: tf.Tensor): tf.Scalar | undefined {
  if (value.dtype === 'string' || value.dtype === 'complex64') return undefined;
  const numbers = value.dtype === 'float32' ? value : tf.cast(value, 'float32');
  if (value.rank === 0) return numbers as tf.Scalar;
  if (value.size === 1) return tf.reshape(numbers, []);
  return isEach(value, yPred) ? tf.mean<tf.Scalar>(numbers) : undefined;
}

/** One number for each example, or for each position of the output: its shape without the last axis. */
function isEach({ shape, rank }: tf.Tensor, yPred: tf.Tensor): boolean {
  return rank >= 1 && (rank === 1 || rank < yPred.rank) && sameShape(shape, yPred.shape.slice(0, rank));
}

/** What `compute` returned is no tensor, or one of a shape that means nothing. */
function wrongValue(
  code: 'MODEL_LOSS_VALUE' | 'MODEL_METRIC_VALUE',
  compute: unknown,
  message: string,
  value: unknown,
): LabError {
  return new LabError(
    {
      code,
      message,
      expected: l10n.t('a scalar tensor, or one number for each example: [batch]'),
      found: found(value),
      remedy: remedyFor(value),
    },
    { about: compute },
  );
}

function remedyFor(value: unknown): string {
  if (isTensor(value)) return l10n.t("Take the mean in 'compute', e.g. tf.mean(…).");
  if (value instanceof Promise) {
    return l10n.t("'compute' must not be async: a step runs in one go. Remove async and await, and return the tensor.");
  }
  if (value === undefined) return l10n.t("Return the tensor: is a 'return' missing in 'compute'?");
  return l10n.t('Return the tensor itself, without dataSync(), arraySync() or a number made of it.');
}

function found(value: unknown): string {
  if (!isTensor(value)) return value instanceof Promise ? l10n.t('a promise') : describe(value);
  return l10n.t('a tensor of shape {0}', `[${value.shape.join(', ')}]`);
}

function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}
