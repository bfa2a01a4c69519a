/** Loads a data set and holds what its loader gave against what the data set declares, whoever wrote it. */
import * as l10n from '@vscode/l10n';
import { LabError, type LabErrorCode } from '../protocol/errors';
import { describe } from './check';
import type { Dataset, LoadContext, Split } from './dataset';
import { cancelled } from './datasets/errors';

export interface Splits {
  readonly train: Split;
  readonly test: Split;
}

/** One of the two arrays of a split. */
interface Column {
  /** As the learner would write it: "train.x". */
  readonly field: string;
  /** Numbers in a row. */
  readonly width: number;
  /** The usual one first. */
  readonly types: readonly [Float32ArrayConstructor, Uint8ArrayConstructor | Int32ArrayConstructor];
}

/**
 * The splits, every number looked at once and none copied.
 *
 * @throws LabError DATA_LOADER when the loader throws something of its own; DATA_INVALID for a split that is missing, of
 *   the wrong type or size; DATA_NOT_FINITE; DATA_LABEL_RANGE; what the loaders of the lab throw; CANCELLED.
 */
export async function loadSplits(dataset: Dataset, context: LoadContext): Promise<Splits> {
  const loaded = await load(dataset, context);
  if (context.signal.aborted) throw cancelled();
  checkSplits(dataset, loaded);
  return loaded;
}

async function load(dataset: Dataset, context: LoadContext): Promise<unknown> {
  try {
    return await dataset.load(context);
  } catch (error) {
    if (error instanceof LabError || (error instanceof Error && error.name === 'AbortError')) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new LabError(
      {
        code: 'DATA_LOADER',
        message: l10n.t('The data of "{0}" could not be loaded: {1}', dataset.name, reason),
        expected: l10n.t('a function "load" that gives the training and the test data'),
        found: reason,
        remedy: l10n.t(
          'Look at the place that is named, in the function "load" of this data set. A relative path means the folder of the model file.',
        ),
        field: 'data',
      },
      { cause: error },
    );
  }
}

/**
 * @throws LabError DATA_INVALID, DATA_NOT_FINITE, DATA_LABEL_RANGE: the data set's name, which split, which row, what
 *   was expected and found
 */
export function checkSplits(dataset: Dataset, loaded: unknown): asserts loaded is Splits {
  const problem = new DataProblem(dataset.name);
  if (!isObject(loaded)) {
    const remedy = l10n.t('Return both from "load": { train: { length, x, y }, test: { length, x, y } }.');
    throw problem.of('load', l10n.t('the training and the test data'), describe(loaded), remedy);
  }
  for (const which of ['train', 'test'] as const) checkSplit(dataset, which, loaded[which], problem);
}

function checkSplit(dataset: Dataset, which: 'train' | 'test', split: unknown, problem: DataProblem): void {
  if (!isObject(split)) {
    const remedy = l10n.t('Return both from "load": { train: { length, x, y }, test: { length, x, y } }.');
    throw problem.of(which, '{ length, x, y }', describe(split), remedy);
  }
  const { length } = split;
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 1) {
    const remedy = l10n.t('"length" is the number of rows of {0}.', which);
    throw problem.of(`${which}.length`, l10n.t('a whole number of at least {0}', 1), describe(length), remedy);
  }
  const inputs: Column = { field: `${which}.x`, width: product(dataset.inputShape), types: [Float32Array, Uint8Array] };
  const targets: Column = {
    field: `${which}.y`,
    width: product(dataset.targetShape),
    types: [Float32Array, Int32Array],
  };
  checkNumbers(inputs, split['x'], length, problem);
  const y = checkNumbers(targets, split['y'], length, problem);
  if (dataset.targetShape.length === 0 && dataset.classes.length > 0) {
    checkLabels(targets.field, y, dataset.classes.length, problem);
  }
  if (split['weights'] !== undefined) checkWeights(`${which}.weights`, split['weights'], length, problem);
}

type Numbers = Uint8Array | Int32Array | Float32Array;

function checkNumbers({ field, width, types }: Column, values: unknown, length: number, problem: DataProblem): Numbers {
  const size = length * width;
  const [usual, other] = types;
  const expected = l10n.t('{0} or {1} of {2} numbers, {3} rows of {4}', usual.name, other.name, size, length, width);
  if (!types.some((type) => values instanceof type)) {
    throw problem.of(field, expected, describeNumbers(values), typeRemedy(values, usual.name));
  }
  const numbers = values as Numbers;
  if (numbers.length !== size) {
    const found = l10n.t('{0} of {1} numbers', numbers.constructor.name, numbers.length);
    const remedy = l10n.t(
      'Each row has {0} numbers, as the shape says that the data set declares, and "length" is the number of rows.',
      width,
    );
    throw problem.of(field, expected, found, remedy);
  }
  const bad = numbers instanceof Float32Array ? firstNotFinite(numbers) : -1;
  if (bad >= 0) throw problem.notFinite(field, numbers[bad] ?? Number.NaN, bad, width);
  return numbers;
}

function checkLabels(field: string, labels: Numbers, classes: number, problem: DataProblem): void {
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? Number.NaN;
    if (label >= 0 && label < classes && Number.isInteger(label)) continue;
    throw problem.label(field, label, row, classes, labels);
  }
}

function checkWeights(field: string, weights: unknown, length: number, problem: DataProblem): void {
  if (!(weights instanceof Float32Array) || weights.length !== length) {
    const expected = l10n.t('a Float32Array of {0} numbers, one for each row', length);
    throw problem.of(field, expected, describeNumbers(weights), typeRemedy(weights, 'Float32Array'));
  }
  const bad = firstNotFinite(weights);
  if (bad >= 0) throw problem.notFinite(field, weights[bad] ?? Number.NaN, bad, 1);
  const negative = weights.findIndex((weight) => weight < 0);
  if (negative < 0) return;
  const found = l10n.t('{0} in row {1}', String(weights[negative]), negative);
  const remedy = l10n.t('A weight says how much a row counts in the loss: 1 as usual, 2 twice as much, 0 not at all.');
  throw problem.of(field, l10n.t('weights of at least 0'), found, remedy);
}

/** The index of the first NaN or infinity, or -1. */
function firstNotFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    // Zero for every number, NaN for what is none.
    if (value - value !== 0) return i;
  }
  return -1;
}

/** Words the errors about one data set. */
class DataProblem {
  constructor(private readonly name: string) {}

  of(field: string, expected: string, found: string, remedy: string, code: LabErrorCode = 'DATA_INVALID'): LabError {
    const message = l10n.t('Data set "{0}": {1}: expected {2}, found {3}.', this.name, field, expected, found);
    return new LabError({ code, message, expected, found, remedy, field: 'data' });
  }

  notFinite(field: string, value: number, index: number, width: number): LabError {
    const row = Math.floor(index / width);
    const found =
      width === 1
        ? l10n.t('{0} in row {1}', String(value), row)
        : l10n.t('{0} in row {1}, number {2} of the row', String(value), row, index % width);
    const remedy = l10n.t(
      'Rows count from 0. A hole in a table becomes NaN: leave such rows out, or fill them, for example with the mean of the column.',
    );
    return this.of(field, l10n.t('finite numbers'), found, remedy, 'DATA_NOT_FINITE');
  }

  label(field: string, label: number, row: number, classes: number, labels: Numbers): LabError {
    let [least, most] = [label, label];
    for (const other of labels) {
      least = Math.min(least, other);
      most = Math.max(most, other);
    }
    const expected = l10n.t('labels 0 to {0}, one for each of {1} classes', classes - 1, classes);
    const found = l10n.t('label {0} in row {1} (all labels lie from {2} to {3})', label, row, least, most);
    return this.of(field, expected, found, labelRemedy(least, most, classes), 'DATA_LABEL_RANGE');
  }
}

function labelRemedy(least: number, most: number, classes: number): string {
  if (least === 1 && most === classes) return l10n.t('Labels count from 0: take 1 from each.');
  if (classes === 2 && least === -1 && most === 1) {
    return l10n.t(
      'Write 0 in place of -1. A loss that wants -1 and 1 takes them as numbers: classes: [] and targetShape: [1].',
    );
  }
  return l10n.t('Labels are places in "classes", counted from 0: correct the labels, or name all classes.');
}

function typeRemedy(values: unknown, type: string): string {
  if (Array.isArray(values) && values.some((row) => typeof row !== 'number')) {
    return l10n.t('Put all rows behind one another: {0}.from(rows.flat()).', type);
  }
  if (Array.isArray(values) || ArrayBuffer.isView(values)) return l10n.t('Write {0}.from(…).', type);
  return l10n.t('All rows lie behind one another in one {0}.', type);
}

function describeNumbers(values: unknown): string {
  if (ArrayBuffer.isView(values) && 'length' in values) {
    return l10n.t('{0} of {1} numbers', values.constructor.name, Number(values.length));
  }
  return describe(values);
}

const product = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
