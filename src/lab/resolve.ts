/** What a training needs of the names in an experiment. Not part of what model files import. */
import * as l10n from '@vscode/l10n';
import { invalid } from './check';
import type { Loss, LossName, Metric, MetricName } from './experiment';
import * as losses from './losses';
import * as metrics from './metrics';
import { accuracyFor } from './metrics/accuracy';

/** By name, a loss has its defaults: the output is probabilities, targets are not smoothed. */
export function resolveLoss(loss: LossName | Loss): Loss {
  return typeof loss === 'string' ? losses[loss]() : loss;
}

export interface MetricContext {
  readonly loss: Loss;
  /** Number of classes of the data, 0 for regression. */
  readonly classes: number;
}

/** By name, accuracy follows the loss: it knows whether the output is logits, and whether each output stands alone. */
export function resolveMetric(metric: MetricName | Metric, { loss, classes }: MetricContext): Metric {
  if (typeof metric !== 'string') return metric;
  if (metric !== 'accuracy') return metrics[metric]();
  if (classes === 0) {
    throw invalid({
      field: 'metrics',
      expected: l10n.t('a metric for numbers: this data has no classes'),
      found: metric,
      remedy: l10n.t("Use 'meanAbsoluteError' instead of 'accuracy'."),
    });
  }
  return accuracyFor(loss);
}
