/** Loads a data set and holds what its loader gave against what the data set declares, whoever wrote it. */
import * as l10n from '@vscode/l10n';
import { LabError } from '../protocol/errors';
import { describe } from './check';
import { DataProblem, firstNotFinite } from './dataProblem';
import type { Column, Dataset, ElementType, LoadContext, Numbers, Shape, Splits, Windows } from './dataset';
import { cancelled } from './datasets/errors';
import {
  inputsOf,
  isNumbers,
  isRagged,
  isWindows,
  maskShapes,
  named,
  SOLE,
  targetsOf,
  valuesOf,
  widthOf,
} from './fields';
import { windowCount } from './rows';

/** One array of a split, or one of several by name. */
interface Place {
  /** As the learner would write it: "train.x", "train.x.tokens". */
  readonly field: string;
  readonly shape: Shape;
  /** The usual one first. */
  readonly types: readonly NumbersConstructor[];
}

type NumbersConstructor =
  Float32ArrayConstructor | Uint8ArrayConstructor | Int32ArrayConstructor | Uint16ArrayConstructor;

const INPUT_TYPES: Readonly<Record<ElementType, readonly NumbersConstructor[]>> = {
  float32: [Float32Array, Uint8Array],
  int32: [Int32Array, Uint16Array],
};
const TARGET_TYPES: readonly NumbersConstructor[] = [Float32Array, Int32Array, Uint16Array];

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
  checkLoadedTokenizer(loaded['tokenizer'], problem);
}

function checkLoadedTokenizer(tokenizer: unknown, problem: DataProblem): void {
  if (tokenizer === undefined) return;
  const parts = isObject(tokenizer) ? tokenizer : {};
  const { vocabulary, encode, decode } = parts;
  if (Array.isArray(vocabulary) && typeof encode === 'function' && typeof decode === 'function') return;
  const remedy = l10n.t('Give what tokenizers.words({ size }).train(texts) makes, or leave it out.');
  throw problem.of('tokenizer', '{ vocabulary, encode, decode }', describe(tokenizer), remedy);
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
  const rows = { length, problem };
  for (const { name, shape, type } of inputsOf(dataset)) {
    const field = fieldOf(which, 'x', name);
    const column = checkNamed(field, split['x'], name, dataset.inputs, problem);
    checkColumn({ field, shape, types: INPUT_TYPES[type] }, column, rows);
  }
  for (const { name, shape, classes } of targetsOf(dataset)) {
    const field = fieldOf(which, 'y', name);
    const column = checkNamed(field, split['y'], name, dataset.targets, problem);
    checkColumn({ field, shape, types: TARGET_TYPES }, column, rows);
    const mask = isObject(split['mask']) ? named<object>(split['mask'], name) : split['mask'];
    const counts = mask === undefined ? undefined : checkMask(fieldOf(which, 'mask', name), mask, shape, rows);
    if (classes.length > 0 && isIndices(shape, column, classes))
      checkLabels({ field, shape }, column, counts, classes.length, rows);
  }
  if (split['weights'] !== undefined) checkWeights(`${which}.weights`, split['weights'], length, problem);
  if (split['perEpoch'] !== undefined) checkPerEpoch(`${which}.perEpoch`, split['perEpoch'], length, problem);
}

interface RowsOf {
  readonly length: number;
  readonly problem: DataProblem;
}

const fieldOf = (which: string, part: string, name: string): string =>
  name === SOLE ? `${which}.${part}` : `${which}.${part}.${name}`;

/** Whether targets are class indices, not a number for each class or of something else. */
function isIndices(shape: Shape, column: Column, classes: readonly string[]): boolean {
  const values = valuesOf(column);
  if (shape.length === 0) return true;
  return !(values instanceof Float32Array) && shape.at(-1) !== classes.length;
}

/** @param declared what the data set declares by name, where it does */
function checkNamed(
  field: string,
  whole: unknown,
  name: string,
  declared: Readonly<Record<string, unknown>> | undefined,
  problem: DataProblem,
): unknown {
  if (declared === undefined) return whole;
  const names = Object.keys(declared).join(', ');
  const one = isObject(whole) && !isNumbers(whole) ? whole[name] : undefined;
  if (one !== undefined) return one;
  const remedy = l10n.t('The data set declares {0}: give an object with these names.', names);
  throw problem.of(field, l10n.t('the rows of "{0}"', name), describe(isObject(whole) ? undefined : whole), remedy);
}

function checkColumn(
  { field, shape, types }: Place,
  column: unknown,
  { length, problem }: RowsOf,
): asserts column is Column {
  if (isWindows(column)) {
    checkType({ field: `${field}: windows`, types }, column.values, problem);
    checkFinite(`${field}: windows`, column.values, widthOf(shape, column), problem);
    checkWindows(field, column, shape, length, problem);
    return;
  }
  if (isRagged(column) || shape[0] === null) {
    checkRagged({ field, shape, types }, column, { length, problem });
    return;
  }
  const width = widthOf(shape, new Float32Array());
  const size = length * width;
  const expected = l10n.t('{0} of {1} numbers, {2} rows of {3}', namesOf(types), size, length, width);
  if (!types.some((type) => column instanceof type)) {
    throw problem.of(field, expected, describeNumbers(column), typeRemedy(column, types));
  }
  const numbers = column as Numbers;
  if (numbers.length !== size) {
    const found = l10n.t('{0} of {1} numbers', numbers.constructor.name, numbers.length);
    const remedy = l10n.t(
      'Each row has {0} numbers, as the shape says that the data set declares, and "length" is the number of rows.',
      width,
    );
    throw problem.of(field, expected, found, remedy);
  }
  checkFinite(field, numbers, width, problem);
}

const anyOf = (texts: readonly string[]): string => texts.reduce((before, text) => l10n.t('{0} or {1}', before, text));

const namesOf = (types: readonly NumbersConstructor[]): string => anyOf(types.slice(0, 2).map(({ name }) => name));

function checkType({ field, types }: Omit<Place, 'shape'>, values: unknown, problem: DataProblem): void {
  if (types.some((type) => values instanceof type)) return;
  throw problem.of(field, namesOf(types), describeNumbers(values), typeRemedy(values, types));
}

function checkFinite(field: string, numbers: Numbers, width: number, problem: DataProblem): void {
  const bad = numbers instanceof Float32Array ? firstNotFinite(numbers) : -1;
  if (bad >= 0) throw problem.notFinite(field, numbers[bad] ?? Number.NaN, bad, width);
}

/** The last row ends within the array. */
function checkWindows(field: string, column: Windows, shape: Shape, length: number, problem: DataProblem): void {
  const { values, size, stride, offset } = column;
  const [declared] = shape;
  if (declared !== size) {
    const remedy = l10n.t('"size" is the first number of the shape that the data set declares.');
    throw problem.of(field, l10n.t('windows of {0} positions', String(declared)), String(size), remedy);
  }
  const positions = values.length / widthOf(shape, column);
  const needed = offset + (length - 1) * stride + size;
  if (positions >= needed) return;
  const fits = windowCount(positions, column);
  throw problem.of(
    field,
    l10n.t('at least {0} positions, for {1} rows', needed, length),
    l10n.t('{0} positions', positions),
    l10n.t('So many positions have {0} such rows: give that as "length", see windowCount.', fits),
  );
}

function checkRagged({ field, shape, types }: Place, column: unknown, { length, problem }: RowsOf): void {
  if (!isRagged(column) || shape[0] !== null) {
    const expected =
      shape[0] === null ? l10n.t('rows of unequal length, made by ragged(…)') : l10n.t('rows of equal length');
    const found = isRagged(column) ? l10n.t('rows of unequal length') : describeNumbers(column);
    throw problem.of(
      field,
      expected,
      found,
      l10n.t('A shape that begins with null is for rows of unequal length: ragged([row, row, …]).'),
    );
  }
  checkType({ field: `${field}: ragged`, types }, column.values, problem);
  const { starts, values } = column;
  const width = widthOf(shape, column);
  if (starts.length !== length + 1) {
    const remedy = l10n.t('"length" is the number of rows of {0}.', field);
    throw problem.of(field, l10n.t('{0} rows', length), l10n.t('{0} rows', starts.length - 1), remedy);
  }
  const empty = starts.findIndex((start, row) => row > 0 && start <= (starts[row - 1] ?? 0));
  if (starts[0] !== 0 || empty > 0 || starts[length] !== values.length / width) {
    const remedy = l10n.t('Leave out rows without any number; the last row ends where the numbers do.');
    throw problem.of(
      field,
      l10n.t('rows of at least 1 position'),
      l10n.t('an empty row {0}', Math.max(empty - 1, 0)),
      remedy,
    );
  }
  checkFinite(field, values, width, problem);
}

/** @returns it, once it is known to be one */
function checkMask(field: string, mask: unknown, shape: Shape, { length, problem }: RowsOf): Uint8Array {
  const sizes = maskShapes(shape).map((one) => length * one.reduce((product, side) => product * side, 1));
  if (shape[0] === null || !(mask instanceof Uint8Array) || !sizes.includes(mask.length)) {
    const expected =
      shape[0] === null
        ? l10n.t('no mask: what pads rows of unequal length never counts')
        : l10n.t(
            'a Uint8Array of {0} numbers, one for each position of the targets',
            anyOf([...new Set(sizes)].map(String)),
          );
    throw problem.of(field, expected, describeNumbers(mask), l10n.t('Write 1 for what counts, 0 for what does not.'));
  }
  const odd = mask.findIndex((value) => value > 1);
  if (odd < 0) return mask;
  const found = l10n.t('{0} at {1}', String(mask[odd]), odd);
  throw problem.of(field, '0, 1', found, l10n.t('Write 1 for what counts, 0 for what does not.'));
}

function checkPerEpoch(field: string, value: unknown, length: number, problem: DataProblem): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return;
  const expected = l10n.t('a whole number of at least {0}', 1);
  throw problem.of(
    field,
    expected,
    describe(value),
    l10n.t('So many of the {0} rows are drawn for each epoch.', length),
  );
}

/** What is masked does not matter, and neither does what pads. */
function checkLabels(
  { field, shape }: Pick<Place, 'field' | 'shape'>,
  column: Column,
  mask: Uint8Array | undefined,
  classes: number,
  { problem }: RowsOf,
): void {
  const labels = valuesOf(column);
  const each = mask === undefined ? 1 : labels.length / mask.length;
  const width = Math.max(1, widthOf(shape, column));
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index] ?? Number.NaN;
    if (label >= 0 && label < classes && Number.isInteger(label)) continue;
    if (mask?.[Math.floor(index / each)] === 0) continue;
    throw problem.label(field, label, Math.floor(index / width), classes, labels);
  }
}

function checkWeights(field: string, weights: unknown, length: number, problem: DataProblem): void {
  if (!(weights instanceof Float32Array) || weights.length !== length) {
    const expected = l10n.t('a Float32Array of {0} numbers, one for each row', length);
    throw problem.of(field, expected, describeNumbers(weights), typeRemedy(weights, [Float32Array]));
  }
  const bad = firstNotFinite(weights);
  if (bad >= 0) throw problem.notFinite(field, weights[bad] ?? Number.NaN, bad, 1);
  const negative = weights.findIndex((weight) => weight < 0);
  if (negative < 0) return;
  const found = l10n.t('{0} in row {1}', String(weights[negative]), negative);
  const remedy = l10n.t('A weight says how much a row counts in the loss: 1 as usual, 2 twice as much, 0 not at all.');
  throw problem.of(field, l10n.t('weights of at least 0'), found, remedy);
}

function typeRemedy(values: unknown, types: readonly NumbersConstructor[]): string {
  const type = types[0]?.name ?? '';
  if (types === INPUT_TYPES.float32 && (values instanceof Int32Array || values instanceof Uint16Array)) {
    return l10n.t(
      "Whole numbers that stay whole, such as tokens, are declared: inputType: 'int32' (of several inputs, type: 'int32'). Otherwise write {0}.from(…).",
      type,
    );
  }
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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
