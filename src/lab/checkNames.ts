import * as l10n from '@vscode/l10n';
import { invalid } from './check';
import { closest } from './didYouMean';
import type { Fix } from '../protocol/fix';
import { seriesParts } from '../protocol/run';
import type { LossName, MetricName } from './experiment';

const LOSSES: Readonly<Record<LossName, true>> = {
  sparseCategoricalCrossentropy: true,
  categoricalCrossentropy: true,
  binaryCrossentropy: true,
  meanSquaredError: true,
  meanAbsoluteError: true,
};
const METRICS: Readonly<Record<MetricName, true>> = { accuracy: true, meanSquaredError: true, meanAbsoluteError: true };

/** @param field "loss", or "compareWith.loss" */
export function checkLoss(field: string, loss: unknown): void {
  if (typeof loss === 'string' && Object.hasOwn(LOSSES, loss)) return;
  if (isNamed(loss) && typeof loss.fromLogits === 'boolean') return;
  throw wrongName(field, loss, Object.keys(LOSSES), 'losses');
}

export function checkMetrics(metrics: unknown): void {
  if (metrics === undefined) return;
  if (!Array.isArray(metrics)) {
    const remedy = typeof metrics === 'string' ? l10n.t('Put it into brackets: {0}.', `['${metrics}']`) : undefined;
    throw invalid({
      field: 'metrics',
      expected: l10n.t('an array of metrics'),
      found: metrics,
      ...(remedy === undefined
        ? {}
        : { remedy, fixes: [{ kind: 'wrap' as const, field: 'metrics', before: '[', after: ']' }] }),
    });
  }
  const seen = new Set<string>();
  metrics.forEach((metric: unknown, index) => {
    const known = typeof metric === 'string' ? Object.hasOwn(METRICS, metric) : isNamed(metric);
    if (!known) throw wrongName(`metrics[${index}]`, metric, Object.keys(METRICS), 'metrics');
    const name = isNamed(metric) ? metric.name : String(metric);
    if (seen.has(name) || name === 'loss' || seriesParts(name).metric !== name) {
      throw invalid({ field: `metrics[${index}]`, expected: l10n.t('a name that no other curve has'), found: name });
    }
    seen.add(name);
  });
}

/** What `losses` and `metrics` make, and what learners may write themselves. */
function isNamed(value: unknown): value is { readonly name: string; readonly fromLogits?: unknown } {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('compute' in value)) return false;
  return typeof value.name === 'string' && value.name !== '' && typeof value.compute === 'function';
}

function wrongName(field: string, found: unknown, names: readonly string[], factory: string): Error {
  const meant = typeof found === 'string' ? closest(found, names) : undefined;
  const listed = names.map((name) => `'${name}'`).join(', ');
  let remedy = l10n.t('Use one of these names, or a function of {0}.', factory);
  let fix: Fix | undefined;
  if (meant !== undefined) {
    remedy = l10n.t("Did you mean '{0}'?", meant);
    fix = { kind: 'rename', from: String(found), to: meant };
  } else if (typeof found === 'function' && names.includes(found.name)) {
    remedy = l10n.t('Call it: {0}().', `${factory}.${found.name}`);
    if (field === 'loss') fix = { kind: 'wrap', field, before: '', after: '()' };
  }
  const expected = l10n.t('one of {0}', listed);
  return invalid({ field, expected, found, remedy, ...(fix === undefined ? {} : { fixes: [fix] }) });
}
