import * as l10n from '@vscode/l10n';
import { LabError } from '../protocol/errors';
import { checkNumber, checkObject, invalid } from './check';
import type { Dataset } from './dataset';
import { closest } from './didYouMean';
import type { Experiment } from './experiment';

const FIELD = 'classWeights';

/** @param gradients the learner's own, where there are any: they know no weights */
export function checkClassWeights(value: unknown, data: Dataset, gradients: unknown): void {
  if (value === undefined) return;
  const { classes = [] } = data;
  if (classes.length === 0) {
    throw invalid({
      field: 'data',
      expected: l10n.t("data with one class for each example: 'classWeights' counts by class"),
      found: data,
      remedy: l10n.t("Remove 'classWeights'."),
    });
  }
  if (gradients !== undefined) throw unweightedGradients();
  if (!Array.isArray(value)) {
    checkByName(checkObject(FIELD, value), classes);
    return;
  }
  if (value.length !== classes.length) {
    throw invalid({ field: FIELD, expected: l10n.t('{0} numbers, one for each class', classes.length), found: value });
  }
  value.forEach((weight, index) => checkNumber(`${FIELD}[${index}]`, weight, 0));
}

function checkByName(weights: Readonly<Record<string, unknown>>, classes: readonly string[]): void {
  for (const [name, weight] of Object.entries(weights)) {
    if (!classes.includes(name)) {
      const meant = closest(name, classes);
      throw invalid({
        field: FIELD,
        expected: l10n.t('names of classes: {0}', classes.join(', ')),
        found: name,
        ...(meant === undefined
          ? {}
          : {
              remedy: l10n.t("Did you mean '{0}' instead of '{1}'?", meant, name),
              fixes: [{ kind: 'rename' as const, from: name, to: meant }],
            }),
      });
    }
    checkNumber(`${FIELD}.${name}`, weight, 0);
  }
}

/** The weight of each class, by its index. */
export function classWeightTable(
  weights: NonNullable<Experiment['classWeights']>,
  classes: readonly string[],
): readonly number[] {
  if (isList(weights)) return weights;
  return classes.map((name) => weights[name] ?? 1);
}

function isList(weights: NonNullable<Experiment['classWeights']>): weights is readonly number[] {
  return Array.isArray(weights);
}

/** Gradients of the learner's own belong to a loss in which each example counts alike. */
export function unweightedGradients(): LabError {
  return new LabError({
    code: 'EXPERIMENT_INVALID',
    message: l10n.t("'gradients' of your own know no weights of examples or classes."),
    expected: l10n.t("no 'gradients', or no weights"),
    found: l10n.t('both'),
    remedy: l10n.t("Remove 'gradients': TensorFlow then differentiates 'forward'. Or remove the weights."),
    field: 'gradients',
  });
}
