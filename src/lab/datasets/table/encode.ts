/** From the columns of a table to the numbers of a row. */
import * as l10n from '@vscode/l10n';
import { take } from '../own/split';
import type { CategoryColumn, Column, NumberColumn } from './columns';

export type FillMissing = 'mean' | 'median' | 'drop';

export interface EncodeOptions {
  readonly missing: FillMissing;
  readonly categories: 'oneHot' | 'number';
  readonly standardize: boolean;
  readonly standardizeTarget: boolean;
}

/** How a column of the table becomes numbers of a row. */
export type Feature =
  | { readonly kind: 'number'; readonly name: string }
  /** A number for each category, 1 for that of the row, and one more for what is missing where the data has such rows. */
  | { readonly kind: 'category'; readonly name: string; readonly categories: readonly string[] }
  /** The place of the category, from 0; -1 for what is missing. */
  | { readonly kind: 'code'; readonly name: string; readonly categories: readonly string[] };

/** The features of a table, known before any split. */
export function featuresOf(columns: readonly Column[], { categories, missing }: EncodeOptions): readonly Feature[] {
  return columns.map((column): Feature => {
    if (column.kind === 'number') return { kind: 'number', name: column.name };
    if (categories === 'number') return { kind: 'code', name: column.name, categories: column.categories };
    const holes = missing !== 'drop' && column.values.includes(-1);
    return {
      kind: 'category',
      name: column.name,
      categories: holes ? [...column.categories, l10n.t('(missing)')] : column.categories,
    };
  });
}

/** What stands at each place of a row, e.g. "Age", "Sex = female". */
export function placesOf(features: readonly Feature[]): readonly string[] {
  return features.flatMap((feature) =>
    feature.kind === 'category'
      ? feature.categories.map((category) => `${feature.name} = ${category}`)
      : [feature.name],
  );
}

/** What is learnt of the training rows alone: for each column of numbers what fills a hole, its mean and its deviation. */
export interface Fitted {
  readonly fill: number;
  readonly mean: number;
  readonly deviation: number;
}

const UNCHANGED: Fitted = { fill: 0, mean: 0, deviation: 1 };

/**
 * @param rows the rows to learn it of: those that train
 * @returns one for each column; mean 0 and deviation 1 where nothing is standardised
 */
export function fit(columns: readonly Column[], rows: Int32Array, options: EncodeOptions): readonly Fitted[] {
  return columns.map((column) => {
    if (column.kind === 'category') return UNCHANGED;
    const known = new Float64Array(rows.length);
    let count = 0;
    for (const row of rows) {
      const value = column.values[row] ?? Number.NaN;
      if (!Number.isNaN(value)) known[count++] = value;
    }
    const values = known.subarray(0, count);
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, count);
    const fill = options.missing === 'median' ? median(values) : mean;
    // What fills holes is part of the column that is standardised.
    const whole = (mean * count + fill * (rows.length - count)) / Math.max(1, rows.length);
    const squares =
      values.reduce((sum, value) => sum + (value - whole) ** 2, 0) + (rows.length - count) * (fill - whole) ** 2;
    if (!options.standardize) return { fill, mean: 0, deviation: 1 };
    const deviation = Math.sqrt(squares / Math.max(1, rows.length));
    return { fill, mean: whole, deviation: deviation > 0 ? deviation : 1 };
  });
}

/** The same of the target: mean 0 and deviation 1 unless it is numbers that are standardised. */
export function fitTarget(target: Column, rows: Int32Array, options: EncodeOptions): Fitted {
  const wanted = { ...options, standardize: options.standardizeTarget };
  return fit([target], rows, wanted)[0] ?? UNCHANGED;
}

/** Class indices as they are, int32 [rows]; numbers as float32 [rows]. */
export function encodeTarget(target: Column, rows: Int32Array, { mean, deviation }: Fitted): Int32Array | Float32Array {
  if (target.kind === 'category') return take(target.values, 1, rows);
  return take(target.values, 1, rows).map((value) => (value - mean) / deviation);
}

function median(values: Float64Array): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** So many rows are written together: they stay in the cache of a core while column after column is. */
const BLOCK = 512;

/** The rows as numbers, float32 [rows, places]. */
export function encode(
  columns: readonly Column[],
  features: readonly Feature[],
  rows: Int32Array,
  fitted: readonly Fitted[],
): Float32Array {
  const width = placesOf(features).length;
  const x = new Float32Array(rows.length * width);
  for (let from = 0; from < rows.length; from += BLOCK) {
    const block = rows.subarray(from, from + BLOCK);
    let at = from * width;
    features.forEach((feature, place) => {
      const column = columns[place];
      if (column?.kind === 'number') encodeNumbers(column, block, fitted[place], { x, width, at });
      else if (column !== undefined) encodeCategories(column, feature, block, { x, width, at });
      at += feature.kind === 'category' ? feature.categories.length : 1;
    });
  }
  return x;
}

interface Target {
  readonly x: Float32Array;
  readonly width: number;
  /** Where the first row has what is written. */
  readonly at: number;
}

function encodeNumbers(
  { values }: NumberColumn,
  rows: Int32Array,
  { fill, mean, deviation }: Fitted = UNCHANGED,
  { x, width, at }: Target,
): void {
  let to = at;
  for (const row of rows) {
    const value = values[row] ?? Number.NaN;
    x[to] = ((Number.isNaN(value) ? fill : value) - mean) / deviation;
    to += width;
  }
}

function encodeCategories(column: CategoryColumn, feature: Feature, rows: Int32Array, { x, width, at }: Target): void {
  const count = feature.kind === 'category' ? feature.categories.length : 0;
  const holes = count > column.categories.length;
  let to = at;
  for (const row of rows) {
    const code = column.values[row] ?? -1;
    if (feature.kind === 'code') x[to] = code;
    else if (code >= 0) x[to + code] = 1;
    else if (holes) x[to + count - 1] = 1;
    to += width;
  }
}

/** The rows in which every feature is known. */
export function completeRows(columns: readonly Column[], length: number): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < length; row++) {
    const whole = columns.every((column) =>
      column.kind === 'number' ? !Number.isNaN(column.values[row]) : (column.values[row] ?? -1) >= 0,
    );
    if (whole) rows.push(row);
  }
  return Int32Array.from(rows);
}
