import * as l10n from '@vscode/l10n';
import { invalid } from './check';
import { closest } from './didYouMean';
import type { Fix } from '../protocol/fix';
import { seriesParts } from '../protocol/run';
import type { MetricName } from './experiment';
import { LOSS_FAMILIES } from './losses/define';

const METRICS: Readonly<Record<MetricName, true>> = {
  accuracy: true,
  binaryAccuracy: true,
  topKAccuracy: true,
  precision: true,
  recall: true,
  f1: true,
  auc: true,
  perplexity: true,
  r2: true,
  meanSquaredError: true,
  meanAbsoluteError: true,
};

/** @param field "loss", or "compareWith.loss" */
export function checkLoss(field: string, loss: unknown): void {
  if (typeof loss === 'string' && Object.hasOwn(LOSS_FAMILIES, loss)) return;
  if (isNamed(loss, ['compute']) && typeof loss.fromLogits === 'boolean') return;
  throw wrongName(field, loss, Object.keys(LOSS_FAMILIES), 'losses');
}

/** @returns their names, in order */
export function checkMetrics(metrics: unknown): string[] {
  if (metrics === undefined) return [];
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
    const field = `metrics[${index}]`;
    const name = metricName(metric);
    if (name === undefined) throw wrongName(field, metric, Object.keys(METRICS), 'metrics');
    if (typeof metric === 'object' && metric !== null) checkTraits(field, { ...metric });
    if (seen.has(name) || name === 'loss' || seriesParts(name).metric !== name) {
      throw invalid({ field, expected: l10n.t('a name that no other curve has'), found: name });
    }
    seen.add(name);
  });
  return [...seen];
}

export function isMetricName(name: string): boolean {
  return Object.hasOwn(METRICS, name);
}

/** The name of the curve; undefined for what is no metric. */
function metricName(metric: unknown): string | undefined {
  if (typeof metric === 'string') return isMetricName(metric) ? metric : undefined;
  return isNamed(metric, ['compute']) || isNamed(metric, ['sums', 'result']) ? metric.name : undefined;
}

/** What `losses` and `metrics` make, and what learners may write themselves. */
function isNamed(
  value: unknown,
  functions: readonly string[],
): value is { readonly name: string; readonly fromLogits?: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { name } = fields;
  return typeof name === 'string' && name !== '' && functions.every((field) => typeof fields[field] === 'function');
}

function checkTraits(field: string, { range, better }: Readonly<Record<string, unknown>>): void {
  if (range !== undefined) {
    const list: readonly unknown[] = Array.isArray(range) ? range : [];
    const [from, to] = list.map(Number);
    if (list.length !== 2 || !list.every(Number.isFinite) || from === undefined || to === undefined || from >= to) {
      throw invalid({ field: `${field}.range`, expected: l10n.t('two rising numbers, e.g. [0, 1]'), found: range });
    }
  }
  if (better !== undefined && better !== 'higher' && better !== 'lower') {
    throw invalid({ field: `${field}.better`, expected: l10n.t("'higher' or 'lower'"), found: better });
  }
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
