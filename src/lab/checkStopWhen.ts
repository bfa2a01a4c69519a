import * as l10n from '@vscode/l10n';
import { LabError } from '../protocol/errors';
import { referenceName, seriesParts, validationName } from '../protocol/run';
import { checkInteger, checkKnown, checkObject, invalid } from './check';
import { isMetricName } from './checkNames';
import { closest } from './didYouMean';

/** Names of all curves that an epoch of an experiment has. */
export function curvesOf(metrics: readonly string[], compared: boolean): string[] {
  const names = ['loss', ...metrics];
  const all = compared ? [...names, ...names.map(referenceName)] : names;
  return [...all.map(validationName), ...all];
}

/** @param curves see `curvesOf` */
export function checkStopWhen(value: unknown, curves: readonly string[]): void {
  if (value === undefined) return;
  const stopWhen = checkObject('stopWhen', value);
  checkKnown('stopWhen', stopWhen, ['target', 'patience']);
  if (stopWhen['patience'] !== undefined) checkInteger('stopWhen.patience', stopWhen['patience'], { min: 1 });
  if (stopWhen['target'] === undefined) return;

  const target = checkObject('stopWhen.target', stopWhen['target']);
  checkKnown('stopWhen.target', target, ['metric', 'atLeast', 'atMost']);
  const { metric, atLeast, atMost } = target;
  if (typeof metric !== 'string' || metric === '') {
    throw invalid({
      field: 'stopWhen.target.metric',
      expected: l10n.t("the name of a curve, for example 'val_accuracy'"),
      found: metric,
    });
  }
  const bounds = [atLeast, atMost].filter((bound) => bound !== undefined);
  if (bounds.length !== 1) {
    throw invalid({
      field: 'stopWhen.target',
      expected: l10n.t("either 'atLeast' or 'atMost'"),
      found: bounds.length === 0 ? undefined : target,
    });
  }
  for (const [name, bound] of Object.entries({ atLeast, atMost })) {
    if (bound !== undefined && (typeof bound !== 'number' || !Number.isFinite(bound))) {
      throw invalid({ field: `stopWhen.target.${name}`, expected: l10n.t('a number'), found: bound });
    }
  }
  if (!curves.includes(metric)) throw unknownCurve(metric, curves);
}

/** It would never be reached, and nobody would be told why. */
function unknownCurve(found: string, curves: readonly string[]): LabError {
  // 'val_acc' is nearer to 'val_loss' than to what is meant, which it begins.
  const meant = curves.find((curve) => curve.startsWith(found)) ?? closest(found, curves);
  const { metric } = seriesParts(found);
  const remedy =
    meant !== undefined
      ? l10n.t("Did you mean '{0}'?", meant)
      : isMetricName(metric)
        ? l10n.t("Add '{0}' to 'metrics'.", metric)
        : l10n.t("Name one of these curves, or add the metric to 'metrics'.");
  return invalid({
    field: 'stopWhen.target.metric',
    expected: l10n.t('one of {0}', curves.map((curve) => `'${curve}'`).join(', ')),
    found,
    remedy,
    ...(meant === undefined ? {} : { fixes: [{ kind: 'rename', from: found, to: meant }] }),
  });
}
