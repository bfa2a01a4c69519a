/** Targets as learners have them: names of classes, numbers of classes, or numbers of a regression. */
import * as l10n from '@vscode/l10n';
import { describe } from '../../check';
import type { DataProblem } from '../../dataProblem';
import type { Numbers } from '../../dataset';
import { readRows, sizeOf, type ReadRows } from './numbers';

export type Task = 'classification' | 'regression';

export interface Targets {
  /** int32 places in `classes`, or float32. */
  readonly values: Int32Array | Float32Array;
  readonly length: number;
  readonly shape: readonly number[];
  readonly classes: readonly string[];
}

/** A target of whole numbers is a class as long as there are no more different ones. */
const MOST_NUMBERED_CLASSES = 20;

/**
 * Texts are classes. Numbers are places in `classes` where those are named, else classes where they are whole and few, in
 * their order whatever they begin with, else a regression.
 *
 * @param classes names in label order, where they are known
 * @throws LabError DATA_INVALID, DATA_LABEL_RANGE, with the row
 */
export function readTargets(
  given: unknown,
  field: string,
  problem: DataProblem,
  { classes, task }: { readonly classes?: readonly string[]; readonly task?: Task },
): Targets {
  if (isTexts(given)) return namedClasses(given, field, problem, classes);
  const rows = readRows(given, field, problem, undefined);
  if (classes !== undefined) return placesIn(classes, rows, field, problem);
  if (task !== 'regression' && rows.shape.length === 0 && (task === 'classification' || looksLikeClasses(rows.values)))
    return numberedClasses(rows);
  const shape = rows.shape.length === 0 ? [1] : rows.shape;
  return { values: Float32Array.from(rows.values), length: rows.length, shape, classes: [] };
}

const isTexts = (given: unknown): given is readonly unknown[] =>
  Array.isArray(given) && given.some((one) => typeof one === 'string');

function namedClasses(
  texts: readonly unknown[],
  field: string,
  problem: DataProblem,
  known: readonly string[] | undefined,
): Targets {
  const wrong = texts.findIndex((text) => typeof text !== 'string');
  if (wrong >= 0) {
    const remedy = l10n.t('Give the name of a class in each row, or leave the row out.');
    throw problem.of(`${field}[${wrong}]`, l10n.t('the name of a class'), describe(texts[wrong]), remedy);
  }
  const classes = known ?? [...new Set(texts as readonly string[])].sort((a, b) => (a < b ? -1 : 1));
  const places = new Map(classes.map((name, place) => [name, place]));
  const values = Int32Array.from(texts as readonly string[], (text) => places.get(text) ?? -1);
  const unknown = values.indexOf(-1);
  if (unknown >= 0) {
    const remedy = l10n.t('Correct the name, or add it to "classes".');
    throw problem.of(`${field}[${unknown}]`, classes.join(', '), describe(texts[unknown]), remedy);
  }
  return { values, length: values.length, shape: [], classes };
}

function placesIn(classes: readonly string[], rows: ReadRows, field: string, problem: DataProblem): Targets {
  const { values, length, shape } = rows;
  // A number for each class, such as one-hot targets, is held against losses of their own.
  if (shape.length === 1 && shape[0] === classes.length && classes.length > 1)
    return { values: Float32Array.from(values), length, shape, classes };
  const wrong = values.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes.length));
  if (wrong < 0) return { values: Int32Array.from(values), length, shape, classes };
  throw problem.label(field, values[wrong] ?? Number.NaN, Math.floor(wrong / sizeOf(shape)), classes.length, values);
}

function looksLikeClasses(values: Numbers): boolean {
  const distinct = new Set<number>();
  for (const value of values) {
    if (!Number.isInteger(value)) return false;
    distinct.add(value);
    if (distinct.size > MOST_NUMBERED_CLASSES) return false;
  }
  return distinct.size > 1;
}

function numberedClasses({ values, length }: ReadRows): Targets {
  const numbers = [...new Set(values)].sort((a, b) => a - b);
  const places = new Map(numbers.map((number, place) => [number, place]));
  return {
    values: Int32Array.from(values, (value) => places.get(value) ?? 0),
    length,
    shape: [],
    classes: numbers.map(String),
  };
}
