/** Rows that do not lie one behind the other in equal pieces: windows of a long array, and rows of unequal length. */
import * as l10n from '@vscode/l10n';
import { checkFinite, checkInteger, checkKnown, checkObject, invalid } from './check';
import type { Numbers, Ragged, Windows } from './dataset';
import { isNumbers } from './fields';

export interface WindowsOptions {
  /** Positions in a row, at least 1. */
  readonly size: number;
  /** Positions from the start of one row to that of the next, at least 1. Default 1: each position begins a row. */
  readonly stride?: number;
  /** Position at which row 0 begins, at least 0. Default 0. With 1, the targets of a model that says what comes next. */
  readonly offset?: number;
}

/**
 * Rows cut out of one long array, such as a text of tokens: row i is the positions offset + i·stride … + size. The array
 * is held once, and no window is ever copied.
 *
 *   load: async () => ({ train: { length: 1000, x: windows(tokens, { size: 64 }), y: windows(tokens, { size: 64, offset: 1 }) }, … })
 *
 * @param values [positions], or [positions, …inner] with the elements of one position behind one another.
 * @returns A column of `x` or `y` for the shape [size] or [size, …inner].
 * @throws LabError EXPERIMENT_INVALID
 */
export function windows(values: Numbers, options: WindowsOptions): Windows {
  const owner = 'windows';
  const given = checkObject(owner, options);
  checkKnown(owner, given, ['size', 'stride', 'offset']);
  return Object.freeze({
    kind: 'windows',
    values: checkNumbers(`${owner}: values`, values),
    size: checkInteger(`${owner}: size`, given['size'], { min: 1 }),
    stride: checkInteger(`${owner}: stride`, given['stride'] ?? 1, { min: 1 }),
    offset: checkInteger(`${owner}: offset`, given['offset'] ?? 0, { min: 0 }),
  });
}

/** How many rows of windows there are in so many positions: the `length` of a split. 0 where not one fits. */
export function windowCount(positions: number, { size, stride = 1, offset = 0 }: WindowsOptions): number {
  return Math.max(0, Math.floor((positions - offset - size) / stride) + 1);
}

export interface RaggedOptions {
  /** What stands behind the end of a shorter row. Default 0. */
  readonly pad?: number;
}

/**
 * Rows of unequal length, for an input or target whose declared shape begins with null. Each batch is padded at the end of
 * its rows, to the length of its longest or a little more; padded positions of targets never count in loss and metrics.
 *
 * @param rows Each as long as it is: whole numbers, or float32.
 * @returns A column of `x` or `y` for the shape [null].
 * @throws LabError EXPERIMENT_INVALID
 */
export function ragged(rows: readonly (Int32Array | Float32Array)[], options: RaggedOptions = {}): Ragged {
  const owner = 'ragged';
  const given = checkObject(owner, options);
  checkKnown(owner, given, ['pad']);
  const pad = checkFinite(`${owner}: pad`, given['pad'] ?? 0);
  const list: readonly unknown[] = Array.isArray(rows) ? rows : [];
  const type = list[0] instanceof Int32Array ? Int32Array : Float32Array;
  const wrong = list.findIndex((row) => !(row instanceof type));
  if (list.length === 0 || wrong >= 0) {
    throw invalid({
      field: wrong < 0 ? `${owner}: rows` : `${owner}: rows[${wrong}]`,
      expected: l10n.t('an array of rows, all Int32Array or all Float32Array'),
      found: wrong < 0 ? rows : list[wrong],
    });
  }
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((row, index) => (starts[index + 1] = (starts[index] ?? 0) + row.length));
  const values = new type(starts[rows.length] ?? 0);
  rows.forEach((row, index) => {
    values.set(row, starts[index] ?? 0);
  });
  return Object.freeze({ kind: 'ragged', values, starts, pad });
}

function checkNumbers(field: string, values: unknown): Numbers {
  if (isNumbers(values)) return values;
  const expected = l10n.t('an Int32Array, Uint16Array, Float32Array or Uint8Array');
  const remedy = Array.isArray(values) ? l10n.t('Write {0}.from(…).', 'Int32Array') : undefined;
  throw invalid({ field, expected, found: values, ...(remedy === undefined ? {} : { remedy }) });
}
