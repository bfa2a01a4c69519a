import * as l10n from '@vscode/l10n';
import { checkInteger, checkKnown, checkObject, invalid } from './check';

export function checkStopWhen(value: unknown): void {
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
}
