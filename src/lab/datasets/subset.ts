/** Some of a data set's classes: examples of the others are left out, labels become 0 … n − 1. */
import * as l10n from '@vscode/l10n';
import { checkInteger, invalid } from '../check';
import type { PlainSplit } from '../dataset';

export interface ClassOptions {
  /**
   * Labels of the classes to keep, e.g. [5, 6, 7, 8, 9]; at least two. The first one becomes label 0, the second one
   * label 1 and so on; their names are kept. `train` and `test` count the examples of these classes. Default: all.
   */
  readonly classes?: readonly number[];
}

/** How many examples a class has in the whole data set. */
export interface ClassSizes {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** What is wanted of a data set. */
export interface Selection {
  readonly train: number;
  readonly test: number;
  /** New label by old label, undefined for what is left out; undefined as a whole: every class, labels unchanged. */
  readonly labels?: readonly (number | undefined)[] | undefined;
}

/**
 * The options `train`, `test` and `classes` of a data set, checked; without a number, all there are.
 * @throws LabError EXPERIMENT_INVALID
 */
export function selection(
  id: string,
  given: Readonly<Record<string, unknown>>,
  sizes: ClassSizes,
): { readonly selected: Selection; readonly kept: readonly number[] } {
  const total = sizes.train.length;
  const kept = checkClasses(`datasets.${id}: classes`, given['classes'], total);
  const count = (which: 'train' | 'test'): number => {
    const max = kept.reduce((sum, label) => sum + (sizes[which][label] ?? 0), 0);
    return checkInteger(`datasets.${id}: ${which}`, given[which] ?? max, { min: 1, max });
  };
  const labels =
    given['classes'] === undefined
      ? undefined
      : Array.from({ length: total }, (_, label) => {
          const position = kept.indexOf(label);
          return position < 0 ? undefined : position;
        });
  return { selected: { train: count('train'), test: count('test'), labels }, kept };
}

function checkClasses(field: string, value: unknown, total: number): readonly number[] {
  if (value === undefined) return Array.from({ length: total }, (_, label) => label);
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const sound =
    list.length >= 2 &&
    new Set(list).size === list.length &&
    list.every((label) => Number.isInteger(label) && Number(label) >= 0 && Number(label) < total);
  if (sound) return list.map(Number);
  throw invalid({
    field,
    expected: l10n.t('at least two different labels from 0 to {0}, e.g. [0, 1]', total - 1),
    found: Array.isArray(value) ? `[${list.map(String).join(', ')}]` : value,
  });
}

/** The first `count` examples whose class is kept; there may be fewer. The rows are copies. */
export function pick(
  { x, y, length }: { readonly x: Uint8Array; readonly y: ArrayLike<number>; readonly length: number },
  count: number,
  labels: Selection['labels'],
): PlainSplit & { readonly x: Uint8Array; readonly y: Int32Array } {
  const width = x.length / length;
  const rows: number[] = [];
  for (let row = 0; row < length && rows.length < count; row++) {
    if (labels === undefined || labels[y[row] ?? -1] !== undefined) rows.push(row);
  }
  const picked = { length: rows.length, x: new Uint8Array(rows.length * width), y: new Int32Array(rows.length) };
  rows.forEach((row, index) => {
    const label = y[row] ?? 0;
    picked.x.set(x.subarray(row * width, (row + 1) * width), index * width);
    picked.y[index] = labels === undefined ? label : (labels[label] ?? 0);
  });
  return picked;
}
