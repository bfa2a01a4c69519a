/** What the editor and the training know of a table, read once for both. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { invalid } from '../../check';
import { fileAt } from '../own/place';
import { splitAtRandom, type Parts } from '../own/split';
import { nothingUsable } from '../own/unusable';
import { completeRows, featuresOf, type EncodeOptions, type Feature } from './encode';
import type { Wanted } from './kinds';
import { readTable, type Table, type TableOptions } from './readTable';

export interface CsvPlan {
  /** A share of the rows, or a file. */
  readonly test: number | string;
  readonly seed: number;
  readonly wanted: Wanted;
  readonly read: TableOptions;
  readonly encode: EncodeOptions;
}

export interface Described {
  readonly trained: Table;
  /** The table that the rows for testing are of: the same one, or that of the file for testing. */
  readonly tested: Table;
  readonly parts: Parts;
  readonly features: readonly Feature[];
  readonly classes: readonly string[];
  readonly train: number;
  readonly test: number;
  /** What the learner is told when it is loaded. */
  readonly notices: readonly string[];
}

/** The last tables of this process: a model file is read again at each pause in typing. */
const last = new Map<string, Described>();
const KEPT = 2;

/**
 * @param keep Whether it will be asked for again.
 * @throws LabError DATA_MISSING, DATA_CORRUPT, DATA_UNUSABLE, EXPERIMENT_INVALID
 */
export function describeTable(file: string, plan: CsvPlan, keep: boolean): Described {
  const place = fileAt(file);
  const testFile = typeof plan.test === 'string' ? fileAt(plan.test) : undefined;
  const states = [place, ...(testFile === undefined ? [] : [testFile])].map(stateOf);
  const key = JSON.stringify([states, plan], (_, value: unknown) => (value instanceof Set ? [...value] : value));
  const described = last.get(key) ?? describe(place, testFile, plan);
  last.delete(key);
  if (keep) last.set(key, described);
  for (const old of [...last.keys()].slice(0, -KEPT)) last.delete(old);
  return described;
}

/** Another one as soon as the file is another one. */
function stateOf(file: string): readonly (string | number)[] {
  const { size, mtimeMs, ino } = fs.statSync(file);
  return [file, size, mtimeMs, ino];
}

function describe(file: string, testFile: string | undefined, plan: CsvPlan): Described {
  const { wanted, read, encode } = plan;
  const name = path.basename(file);
  const trained = wholeTable(file, wanted, read);
  if (trained.rows === 0) throw nothingUsable(name, 0, 2, trained.unusable);
  checkFeatures(trained, wanted);
  const tested = testFile === undefined ? trained : wholeTable(testFile, { ...wanted, like: trained.kinds }, read);
  const rowsOf = (table: Table): Int32Array =>
    encode.missing === 'drop'
      ? completeRows(table.features, table.rows)
      : Int32Array.from({ length: table.rows }, (_, row) => row);
  const parts = partsOf(trained, rowsOf(trained), testFile === undefined ? undefined : rowsOf(tested), plan);
  const { target } = trained;
  const [train, test] = [parts.train.length, parts.test.length];
  if (testFile === undefined && train + test < 2) throw nothingUsable(name, train + test, 2, trained.unusable);
  if (train === 0) throw nothingUsable(name, 0, 1, trained.unusable);
  if (test === 0) throw nothingUsable(path.basename(testFile ?? file), 0, 1, tested.unusable);
  const classes = target.kind === 'category' ? target.categories : [];
  if (encode.standardizeTarget && classes.length > 0) throw noNumbers(target.name);
  if (target.kind === 'category' && classes.length < 2) throw oneClass(target.name, classes);
  return {
    trained,
    tested,
    parts,
    features: featuresOf(trained.features, encode),
    classes,
    train,
    test,
    notices: noticesOf(name, trained, testFile === undefined ? undefined : [path.basename(testFile), tested], plan),
  };
}

function wholeTable(file: string, wanted: Wanted, options: TableOptions): Table {
  const reading = readTable(file, wanted, options);
  for (;;) {
    const next = reading.next();
    if (next.done === true) return next.value;
  }
}

function partsOf(table: Table, rows: Int32Array, tested: Int32Array | undefined, { test, seed }: CsvPlan): Parts {
  if (tested !== undefined) return { train: rows, test: tested };
  const { values, kind } = table.target;
  const labels = kind === 'category' ? rows.map((row) => values[row] ?? 0) : undefined;
  const places = splitAtRandom(rows.length, labels, Number(test), seed);
  const rowAt = (place: number): number => rows[place] ?? 0;
  return { train: places.train.map(rowAt), test: places.test.map(rowAt) };
}

/** A feature that somebody asked for is never left out in silence. */
function checkFeatures(table: Table, { features: asked }: Wanted): void {
  const field = 'datasets.csv: features';
  const [out] = asked === undefined ? [] : table.leftOut;
  if (out !== undefined) {
    const remedy = l10n.t('Leave it out of the features.');
    throw invalid({
      field,
      expected: l10n.t('columns of numbers or of few categories'),
      found: `${out.name}: ${out.reason}`,
      remedy,
    });
  }
  if (table.features.length > 0) return;
  const remedy = l10n.t('Name at least one column in "features".');
  throw invalid({
    field,
    expected: l10n.t('at least one column of numbers or of few categories'),
    found: l10n.t('none'),
    remedy,
  });
}

function noNumbers(target: string): Error {
  return invalid({
    field: 'datasets.csv: standardizeTarget',
    expected: l10n.t('a target of numbers'),
    found: l10n.t('classes in the column {0}', target),
    remedy: l10n.t("Remove '{0}'.", 'standardizeTarget'),
  });
}

function oneClass(target: string, classes: readonly string[]): Error {
  return invalid({
    field: 'datasets.csv: target',
    expected: l10n.t('at least two classes'),
    found: l10n.t('{0} in the column {1}', classes.map((one) => `'${one}'`).join(', '), target),
    remedy: l10n.t("Name another column, or write task: 'regression' where its numbers are no classes."),
  });
}

function noticesOf(
  name: string,
  table: Table,
  test: readonly [string, Table] | undefined,
  { wanted }: CsvPlan,
): string[] {
  const notices: string[] = [];
  if (wanted.features === undefined && table.leftOut.length > 0) {
    const columns = table.leftOut.map(({ name: column, reason }) => `${column} (${reason})`).join(', ');
    notices.push(l10n.t('{0}: columns that are no features: {1}. Name those you want in "features".', name, columns));
  }
  if (table.unusable.count > 0) notices.push(table.unusable.warning(name));
  if (test !== undefined && test[1].unusable.count > 0) notices.push(test[1].unusable.warning(test[0]));
  return notices;
}
