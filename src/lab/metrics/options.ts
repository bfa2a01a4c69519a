/** What the options of metrics have in common. */
import type * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { checkFlag, checkKnown, checkObject, invalid } from '../check';
import type { MeanMetric, MetricName, SumMetric } from '../experiment';

export interface NamedMetric {
  /** What its curve is called, for two of one kind. Default: the metric's own name. */
  readonly name?: string;
}

export interface OutputOptions extends NamedMetric {
  /** True when the model's output is logits, default false: probabilities. By name, a metric follows the loss. */
  readonly fromLogits?: boolean;
}

/** How a metric takes the model's output, for the check that holds it against the loss. */
export interface Reads {
  /** Its name in `metrics`. */
  readonly factory: MetricName;
  readonly fromLogits: boolean;
  /** False: only where an output answers yes or no; of several, the largest is the largest either way. */
  readonly always: boolean;
}

export interface BuiltInMean extends MeanMetric {
  readonly compute: {
    (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Scalar;
    readonly each: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;
  };
  readonly reads?: Reads;
}

export interface BuiltInSums extends SumMetric {
  /** The sums are counts. */
  readonly isCount?: boolean;
  readonly reads?: Reads;
}

/** @throws LabError EXPERIMENT_INVALID for what is unknown, or no name */
export function metricOptions(
  metric: string,
  value: unknown,
  known: readonly string[],
): { readonly owner: string; readonly name: string; readonly given: Readonly<Record<string, unknown>> } {
  const owner = `metrics.${metric}`;
  const given = checkObject(owner, value);
  checkKnown(owner, given, ['name', ...known]);
  const name = given['name'] ?? metric;
  if (typeof name === 'string' && name.trim() !== '') return { owner, name, given };
  throw invalid({ field: `${owner}: name`, expected: l10n.t('a text'), found: name });
}

export function logitsOption(owner: string, given: Readonly<Record<string, unknown>>): boolean {
  return checkFlag(`${owner}: fromLogits`, given['fromLogits'] ?? false);
}
