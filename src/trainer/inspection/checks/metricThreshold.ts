import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import type { Loss, Metric } from '../../../lab/experiment';
import type { Finding } from '../problems';

/**
 * Accuracy of a yes-or-no answer has to know whether it is a logit: "yes" begins at 0 then, at 0.5 for a probability.
 * What a metric does is seen by asking it: 0.25 is a yes among logits, a no among probabilities.
 */
export function thresholdFinding(loss: Loss, metrics: readonly Metric[]): Finding | undefined {
  if (loss.name !== 'binaryCrossentropy') return undefined;
  const metric = metrics.find(({ name }) => name === 'accuracy');
  if (metric === undefined) return undefined;
  const countsAsYes = tf.tidy(
    () => metric.compute(tf.tensor1d([1], 'int32'), tf.tensor2d([[0.25]])).dataSync()[0] === 1,
  );
  if (countsAsYes === loss.fromLogits) return undefined;
  return {
    code: 'MODEL_METRIC_THRESHOLD',
    message: loss.fromLogits
      ? l10n.t('The loss takes logits, but this accuracy takes probabilities: it draws the line at 0.5 instead of 0.')
      : l10n.t('The loss takes probabilities, but this accuracy takes logits: it draws the line at 0 instead of 0.5.'),
    expected: `metrics.accuracy({ fromLogits: ${loss.fromLogits} })`,
    found: `metrics.accuracy({ fromLogits: ${!loss.fromLogits} })`,
    remedy: l10n.t("Write 'accuracy': by name, it follows the loss."),
    field: 'metrics',
    ...(metrics.length === 1 ? { fixes: [{ kind: 'field', name: 'metrics', value: "['accuracy']" }] } : {}),
  };
}
