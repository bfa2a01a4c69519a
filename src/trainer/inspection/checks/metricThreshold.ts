import * as l10n from '@vscode/l10n';
import { lossFamily } from '../../../lab/losses/define';
import type { ResolvedLoss, ResolvedMetric } from '../../../lab/resolve';
import type { Finding } from '../problems';

/**
 * A metric that reads probabilities has to know whether the output is logits: the "yes" of an accuracy begins at 0 then,
 * not at 0.5. Which class has the largest output needs no such help.
 */
export function thresholdFinding(loss: ResolvedLoss, metrics: readonly ResolvedMetric[]): Finding | undefined {
  const family = lossFamily(loss);
  if (family === undefined || family === 'numbers') return undefined;
  const wrong = metrics.find(
    ({ reads }) => reads !== undefined && reads.fromLogits !== loss.fromLogits && (reads.always || family === 'binary'),
  );
  if (wrong?.reads === undefined) return undefined;
  const { name, reads } = wrong;
  return {
    code: 'MODEL_METRIC_THRESHOLD',
    message: loss.fromLogits
      ? l10n.t('The loss takes logits, but the metric "{0}" takes probabilities.', name)
      : l10n.t('The loss takes probabilities, but the metric "{0}" takes logits.', name),
    expected: `metrics.${reads.factory}({ fromLogits: ${loss.fromLogits} })`,
    found: `metrics.${reads.factory}({ fromLogits: ${!loss.fromLogits} })`,
    remedy: l10n.t("Write '{0}': by name, it follows the loss.", reads.factory),
    field: 'metrics',
    ...(metrics.length === 1 ? { fixes: [{ kind: 'field', name: 'metrics', value: `['${reads.factory}']` }] } : {}),
  };
}
