import * as l10n from '@vscode/l10n';
import { LabError } from '../protocol/errors';
import { checkInteger, checkKnown, checkObject, invalid } from './check';
import { checkLosses } from './checkNames';
import type { Dataset } from './dataset';
import { checkOptimizer } from './checkOptimizer';

const FUNCTIONAL = ['parameters', 'forward', 'gradients'];
const DIFFERENCES = ['model', ...FUNCTIONAL, 'optimizer'];

/** @param ofLayers whether the experiment itself has a `model` */
export function checkComparison(value: unknown, ofLayers: boolean, data: Dataset): void {
  if (value === undefined) return;
  const field = 'compareWith';
  const given = checkObject(field, value);
  checkKnown(field, given, ['label', ...DIFFERENCES, 'loss']);
  checkLabel(field, given, l10n.t("Say what its curves are called, for example label: 'without dropout'."));
  checkModel(field, given, ofLayers);
  if (given['loss'] !== undefined) checkLosses(`${field}.loss`, given['loss'], data);
}

/** More would take longer than the curve gains. */
const MOST_MODELS = 8;

/** @param ofLayers whether the experiment itself has a `model` */
export function checkModelSizes(value: unknown, ofLayers: boolean): void {
  if (value === undefined) return;
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_MODELS) {
    throw invalid({
      field: 'modelSizes',
      expected: l10n.t('an array of 1 to {0} models', MOST_MODELS),
      found: value,
      remedy: l10n.t("Write, for example, 'modelSizes: [{ label: 'small', … }, { label: 'large', … }]'."),
    });
  }
  const labels = new Set<unknown>();
  value.forEach((size: unknown, index) => {
    const field = `modelSizes[${index}]`;
    const given = checkObject(field, size);
    checkKnown(field, given, ['label', ...DIFFERENCES]);
    checkLabel(field, given, l10n.t("Say what the size is called, for example label: '2 layers'."));
    checkModel(field, given, ofLayers);
    if (labels.has(given['label'])) {
      const expected = l10n.t('a name that is not there already');
      throw invalid({ field: `${field}.label`, expected, found: given['label'] });
    }
    labels.add(given['label']);
  });
}

function checkLabel(field: string, { label }: Readonly<Record<string, unknown>>, remedy: string): void {
  if (typeof label === 'string' && label.trim() !== '') return;
  throw invalid({ field: `${field}.label`, expected: l10n.t('a text'), found: label, remedy });
}

function checkModel(field: string, given: Readonly<Record<string, unknown>>, ofLayers: boolean): void {
  const functional = FUNCTIONAL.filter((name) => given[name] !== undefined);
  if (given['model'] !== undefined && functional.length > 0) {
    throw new LabError({
      code: 'EXPERIMENT_INVALID',
      message: l10n.t("{0} has either 'model' or 'parameters' and 'forward', not both.", field),
      expected: 'model',
      found: ['model', ...functional].join(', '),
      remedy: l10n.t('Remove one of the two.'),
      field,
    });
  }
  for (const name of ['model', ...functional]) {
    if (given[name] === undefined || typeof given[name] === 'function') continue;
    throw invalid({ field: `${field}.${name}`, expected: l10n.t('a function'), found: given[name] });
  }
  // Beside a model of layers there are no parameters or forward function that could be taken over.
  for (const name of ofLayers && functional.length > 0 ? ['parameters', 'forward'] : []) {
    if (given[name] !== undefined) continue;
    const expected = l10n.t('a function: the experiment itself is made of layers');
    throw invalid({ field: `${field}.${name}`, expected, found: undefined });
  }
  if (given['optimizer'] !== undefined) checkOptimizer(`${field}.optimizer`, given['optimizer']);
}

/** As of models. */
const MOST_SIZES = 12;

/** @param experiment the fields of the experiment, of which `data` has been checked already */
export function checkSizes(sizes: unknown, experiment: Readonly<Record<string, unknown>>): void {
  if (sizes === undefined) return;
  if (!Array.isArray(sizes) || sizes.length === 0 || sizes.length > MOST_SIZES) {
    throw invalid({
      field: 'sizes',
      expected: l10n.t('an array of 1 to {0} numbers of training examples', MOST_SIZES),
      found: sizes,
      remedy: l10n.t("Write, for example, 'sizes: [50, 100, 200, 500]'."),
    });
  }
  if (experiment['compareWith'] === undefined) {
    throw invalid({
      field: 'compareWith',
      expected: l10n.t("the model to compare with: 'sizes' trains both"),
      found: undefined,
      remedy: l10n.t("Write, for example, 'compareWith: { label: … }', or remove 'sizes'."),
    });
  }
  const { train } = experiment['data'] as { readonly train: number };
  const remedy = l10n.t('The data has {0} training examples: give numbers up to that.', train);
  const seen = new Set<number>();
  sizes.forEach((size: unknown, index) => {
    const checked = checkInteger(`sizes[${index}]`, size, { min: 1, max: train }, remedy);
    if (seen.has(checked)) {
      throw invalid({ field: `sizes[${index}]`, expected: l10n.t('a number that is not there already'), found: size });
    }
    seen.add(checked);
  });
}
