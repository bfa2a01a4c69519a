import * as l10n from '@vscode/l10n';
import { closest } from './didYouMean';
import type { Fix } from '../protocol/fix';
import { seriesParts } from '../protocol/run';
import { checkKnown, checkNumber, checkObject, invalid } from './check';
import type { Dataset } from './dataset';
import { outputSeries, SOLE, targetsOf } from './fields';
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

/**
 * One loss, or one for each of several targets.
 * @param field "loss", or "compareWith.loss"
 */
export function checkLosses(field: string, loss: unknown, data: Dataset): void {
  if (data.targets === undefined) {
    checkLoss(field, loss);
    return;
  }
  const names = Object.keys(data.targets);
  const given = byTarget(field, loss, names, l10n.t('a loss for each target: {0}', names.join(', ')));
  for (const name of names) checkLoss(`${field}.${name}`, given[name]);
}

/** What is said of several targets by name. */
function byTarget(
  field: string,
  value: unknown,
  names: readonly string[],
  expected: string,
): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || ('name' in value && typeof value.name === 'string')) {
    const remedy = l10n.t('Write {0}.', `${field}: { ${names.map((name) => `${name}: …`).join(', ')} }`);
    throw invalid({ field, expected, found: value, remedy });
  }
  checkKnown(field, value, names);
  return { ...value };
}

export function checkLossWeights(weights: unknown, { targets }: Dataset): void {
  if (weights === undefined) return;
  const field = 'lossWeights';
  const given = checkObject(field, weights);
  if (targets === undefined) {
    throw invalid({
      field,
      expected: l10n.t('data with several targets: one loss is all there is'),
      found: weights,
      remedy: l10n.t("Remove '{0}'.", field),
    });
  }
  checkKnown(field, given, Object.keys(targets));
  for (const [name, weight] of Object.entries(given)) checkNumber(`${field}.${name}`, weight, 0);
}

function checkLoss(field: string, loss: unknown): void {
  if (typeof loss === 'string' && Object.hasOwn(LOSS_FAMILIES, loss)) return;
  if (isNamed(loss, ['compute']) && typeof loss.fromLogits === 'boolean') return;
  throw wrongName(field, loss, Object.keys(LOSS_FAMILIES), 'losses');
}

/** @returns the names of all curves that belong to no epoch's `loss` alone, in order */
export function checkMetrics(metrics: unknown, data: Dataset): string[] {
  if (data.targets === undefined) return checkList('metrics', metrics, SOLE, new Set());
  const names = Object.keys(data.targets);
  const given =
    metrics === undefined
      ? {}
      : byTarget('metrics', metrics, names, l10n.t('metrics by target: {0}', names.join(', ')));
  const seen = new Set(names.map((name) => outputSeries(name, 'loss')));
  const taken = [...seen].find((name) => seriesParts(name).metric !== name);
  if (taken !== undefined) {
    throw invalid({ field: 'data.targets', expected: l10n.t('names that no other curve has'), found: taken });
  }
  return [...seen, ...targetsOf(data).flatMap(({ name }) => checkList(`metrics.${name}`, given[name], name, seen))];
}

/** @param seen names of curves that are taken, to which these are added */
function checkList(owner: string, metrics: unknown, target: string, seen: Set<string>): string[] {
  if (metrics === undefined) return [];
  if (!Array.isArray(metrics)) {
    const remedy = typeof metrics === 'string' ? l10n.t('Put it into brackets: {0}.', `['${metrics}']`) : undefined;
    throw invalid({
      field: owner,
      expected: l10n.t('an array of metrics'),
      found: metrics,
      ...(remedy === undefined
        ? {}
        : {
            remedy,
            ...(target === SOLE ? { fixes: [{ kind: 'wrap' as const, field: owner, before: '[', after: ']' }] } : {}),
          }),
    });
  }
  return metrics.map((metric: unknown, index) => {
    const field = `${owner}[${index}]`;
    const own = metricName(metric);
    if (own === undefined) throw wrongName(field, metric, Object.keys(METRICS), 'metrics');
    if (typeof metric === 'object' && metric !== null) checkTraits(field, { ...metric });
    const name = outputSeries(target, own);
    if (seen.has(name) || name === 'loss' || seriesParts(name).metric !== name) {
      throw invalid({ field, expected: l10n.t('a name that no other curve has'), found: own });
    }
    seen.add(name);
    return name;
  });
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
