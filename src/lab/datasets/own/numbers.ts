/** Arrays and tensors as learners have them, as rows of numbers behind one another. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { describe } from '../../check';
import type { DataProblem } from '../../dataProblem';
import type { Numbers } from '../../dataset';
import { isNumbers } from '../../fields';

export type Nested = number | readonly Nested[];

/** Rows: a tensor [rows, …], arrays in arrays, or one typed array with all rows behind one another. */
export type RowsOfNumbers = tf.Tensor | readonly Nested[] | Numbers;

export interface ReadRows {
  readonly values: Numbers;
  readonly length: number;
  /** Of one row; [] for a number a row. */
  readonly shape: readonly number[];
}

/**
 * @param field "x", "test.y"
 * @param shape of a row, for typed arrays: without it each number is a row
 * @throws LabError DATA_INVALID, with the row that has another size
 */
export function readRows(
  given: unknown,
  field: string,
  problem: DataProblem,
  shape: readonly number[] | undefined,
): ReadRows {
  if (given instanceof tf.Tensor) return ofTensor(given as tf.Tensor, field, problem);
  if (isNumbers(given)) return ofTyped(given, field, problem, shape ?? []);
  if (Array.isArray(given)) return ofArrays(given, field, problem);
  const remedy = l10n.t('Give a tensor, an array of rows, or a Float32Array with all rows behind one another.');
  const found = given instanceof Float64Array ? 'Float64Array' : describe(given);
  throw problem.of(field, l10n.t('rows of numbers'), found, remedy);
}

function ofTensor(tensor: tf.Tensor, field: string, problem: DataProblem): ReadRows {
  const sizes: readonly number[] = tensor.shape;
  const [length, ...shape] = sizes;
  const values: unknown = tensor.dataSync();
  if (length !== undefined && isNumbers(values)) {
    // Booleans are bytes, which would be pictures.
    return { values: values instanceof Uint8Array ? Int32Array.from(values) : values, length, shape };
  }
  const found = `tf.Tensor ${tensor.dtype} [${tensor.shape.join(', ')}]`;
  throw problem.of(field, l10n.t('rows of numbers'), found, l10n.t('Its first size is the number of rows.'));
}

function ofTyped(values: Numbers, field: string, problem: DataProblem, shape: readonly number[]): ReadRows {
  const width = sizeOf(shape);
  if (values.length % width === 0) return { values, length: values.length / width, shape };
  const expected = l10n.t('rows of {0} numbers', width);
  const remedy = l10n.t('All rows lie behind one another in one {0}.', values.constructor.name);
  throw problem.of(field, expected, l10n.t('{0} of {1} numbers', values.constructor.name, values.length), remedy);
}

function ofArrays(rows: readonly unknown[], field: string, problem: DataProblem): ReadRows {
  const shape = shapeOf(rows[0]);
  const width = sizeOf(shape);
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, index) => {
    const end = write(row, shape, 0, values, index * width);
    if (end === (index + 1) * width) return;
    const remedy = l10n.t(
      'Each row has as many numbers as the first one. Rows of unequal length are made with ragged.',
    );
    throw problem.of(`${field}[${index}]`, describeShape(shape), describeRow(row), remedy);
  });
  return { values, length: rows.length, shape };
}

/** The sizes of nested arrays, as their first elements have them. */
function shapeOf(row: unknown): number[] {
  if (isNumbers(row)) return [row.length];
  return Array.isArray(row) ? [row.length, ...shapeOf(row[0])] : [];
}

/** @returns where the numbers end; -1 where they are not of that shape */
function write(row: unknown, shape: readonly number[], depth: number, values: Float32Array, at: number): number {
  if (depth === shape.length) {
    if (typeof row !== 'number' && typeof row !== 'boolean') return -1;
    values[at] = Number(row);
    return at + 1;
  }
  if (!(Array.isArray(row) || isNumbers(row)) || row.length !== shape[depth]) return -1;
  let end = at;
  for (const part of row as readonly unknown[]) {
    end = write(part, shape, depth + 1, values, end);
    if (end < 0) return -1;
  }
  return end;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

function describeShape(shape: readonly number[]): string {
  return shape.length === 0 ? l10n.t('a number') : l10n.t('numbers of shape [{0}]', shape.join(', '));
}

function describeRow(row: unknown): string {
  return Array.isArray(row) || isNumbers(row) ? describeShape(shapeOf(row)) : describe(row);
}
