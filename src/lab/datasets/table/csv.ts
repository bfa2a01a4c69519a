/** A learner's own table as a data set. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { checkFlag, checkInteger, checkKnown, checkObject, invalid } from '../../check';
import { loadContext } from '../../cells/loadContext';
import type { InMemoryDataset, PlainSplit } from '../../dataset';
import { stopIfCancelled } from '../errors';
import { notice } from '../notice';
import { checkPath } from '../own/place';
import { MISSING_TEXTS, type Decimal } from './columns';
import {
  encode,
  encodeTarget,
  fit,
  fitTarget,
  placesOf,
  type EncodeOptions,
  type Feature,
  type FillMissing,
} from './encode';
import { ENCODINGS, type Encoding } from './encoding';
import { describeTable, type CsvPlan, type Described } from './described';

export interface CsvOptions {
  /** The column to predict. Texts, and up to 20 different whole numbers, are classes; other numbers are a regression. */
  readonly target: string;
  /** The columns to predict from. Default: all others, without those that are empty, number the rows or name them. */
  readonly features?: readonly string[];
  /** What to make of a target of numbers, where the default guesses wrong. */
  readonly task?: 'classification' | 'regression';
  /** The share of the rows for testing, drawn at random, of each class the same; or a file of the same form. Default 0.2. */
  readonly test?: number | string;
  /**
   * What becomes of a hole in a column of numbers: the mean or the median of the training rows; 'drop' leaves out rows with
   * a hole anywhere. A hole in a column of categories is a category of its own. Default 'mean'.
   */
  readonly missing?: FillMissing;
  /** Texts that mean that nothing is known, beside an empty cell. Default: NA, N/A, NaN, null, None, ?, -. */
  readonly missingTexts?: readonly string[];
  /** Columns of numbers that are names of kinds, e.g. ['postcode']. */
  readonly categorical?: readonly string[];
  /** A category becomes a number for each, one of them 1, or its place in the list of all. Default 'oneHot'. */
  readonly categories?: 'oneHot' | 'number';
  /** Whether columns of numbers get mean 0 and standard deviation 1, by the training rows. Default true. */
  readonly standardize?: boolean;
  /** Whether the numbers of a regression do, too: errors are then in standard deviations of the target. Default false. */
  readonly standardizeTarget?: boolean;
  /** Whether the first row names the columns. Without, they are column1, column2 … Default true. */
  readonly header?: boolean;
  /** Between fields. Default: the one of , ; tab | that the file has. */
  readonly separator?: string;
  /** Default: a comma where the file is not separated by it and its numbers have one. */
  readonly decimal?: Decimal;
  /** Default: what the beginning of the file looks like. */
  readonly encoding?: Encoding;
  /** Of the rows for testing: the same seed gives the same. Default 1. */
  readonly seed?: number;
}

/** Rows of numbers, float32 [places]. */
export interface CsvDataset extends InMemoryDataset {
  /** What the numbers of a row are made of, in their order. */
  readonly features: readonly Feature[];
  /** What stands at each place of a row, e.g. "Age", "Sex = female". */
  readonly columns: readonly string[];
}

const OPTIONS = [
  'target',
  'features',
  'task',
  'test',
  'missing',
  'missingTexts',
  'categorical',
  'categories',
  'standardize',
  'standardizeTarget',
  'header',
  'separator',
  'decimal',
  'encoding',
  'seed',
];

/**
 * A table in a file of separated values.
 *
 *   datasets.csv('titanic.csv', { target: 'Survived', features: ['Sex', 'Age', 'Pclass'], categorical: ['Pclass'] })
 *
 * The file is read when this is called, so that the editor knows columns, classes and counts. Rows that cannot be used
 * are left out and named with their lines.
 *
 * @param file A relative path means the folder of the model file.
 * @returns x float32 [places]; y a class index, or float32 [1] of a regression.
 * @throws LabError at once: EXPERIMENT_INVALID, also for a column that is not there, DATA_MISSING, DATA_CORRUPT for a file
 *   that is no table or in another encoding, DATA_UNUSABLE where fewer than two rows can be used; when loading CANCELLED.
 */
export function csv(file: string, options: CsvOptions): CsvDataset {
  const owner = 'datasets.csv';
  const place = checkPath(`${owner}: file`, file);
  const plan = checkOptions(owner, options);
  const table = describeTable(place, plan, true);
  const { features, classes, train, test } = table;
  const columns = Object.freeze([...placesOf(features)]);
  return Object.freeze({
    name: path.basename(place),
    kind: 'table',
    inputShape: Object.freeze([columns.length]),
    classes: Object.freeze([...classes]),
    targetShape: Object.freeze(classes.length === 0 ? [1] : []),
    train,
    test,
    licence: l10n.t('your own data'),
    features,
    columns,
    load: async (given) => {
      const context = loadContext(given);
      stopIfCancelled(context.signal);
      context.progress(l10n.t('Reading {0}', path.basename(place)), null);
      // A file may have changed since the model file was read: what is trained on is what stands in it now.
      const now = describeTable(place, plan, false);
      for (const text of now.notices) notice(context, text);
      await Promise.resolve();
      return splitsOf(now, plan.encode);
    },
  } satisfies CsvDataset);
}

function splitsOf(
  { trained, tested, features, parts }: Described,
  options: EncodeOptions,
): { train: PlainSplit; test: PlainSplit } {
  const fitted = fit(trained.features, parts.train, options);
  const target = fitTarget(trained.target, parts.train, options);
  const split = (table: typeof trained, rows: Int32Array): PlainSplit => ({
    length: rows.length,
    x: encode(table.features, features, rows, fitted),
    y: encodeTarget(table.target, rows, target),
  });
  return { train: split(trained, parts.train), test: split(tested, parts.test) };
}

function checkOptions(owner: string, options: unknown): CsvPlan {
  const given = checkObject(owner, options);
  checkKnown(owner, given, OPTIONS);
  const own = given as Partial<CsvOptions>;
  const field = (name: string): string => `${owner}: ${name}`;
  if (typeof own.target !== 'string' || own.target === '')
    throw invalid({ field: field('target'), expected: l10n.t('the name of a column'), found: given['target'] });
  const names = (name: string, value: unknown, least: number): readonly string[] | undefined => {
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.length >= least && value.every((one) => typeof one === 'string')) {
      if (new Set(value).size === value.length) return value;
    }
    throw invalid({
      field: field(name),
      expected: l10n.t('different texts, e.g. [{0}]', "'age', 'sex'"),
      found: value,
    });
  };
  const features = names('features', given['features'], 1);
  const oneOf = <T extends string>(name: string, known: readonly T[]): T | undefined => {
    const value = given[name];
    if (value === undefined || known.includes(value as T)) return value as T | undefined;
    throw invalid({ field: field(name), expected: known.map((one) => `'${one}'`).join(', '), found: value });
  };
  const task = oneOf('task', ['classification', 'regression']);
  const decimal = oneOf('decimal', ['.', ',']);
  const encoding = oneOf('encoding', ENCODINGS);
  const separator = checkSeparator(field('separator'), given['separator']);
  return {
    test: checkTest(field('test'), given['test'] ?? 0.2),
    seed: checkInteger(field('seed'), given['seed'] ?? 1, { min: 0, max: 2 ** 31 - 1 }),
    wanted: {
      target: own.target,
      ...(features === undefined ? {} : { features }),
      categorical: names('categorical', given['categorical'], 0) ?? [],
      ...(task === undefined ? {} : { task }),
    },
    read: {
      header: checkFlag(field('header'), given['header'] ?? true),
      missing: new Set(['', ...(names('missingTexts', given['missingTexts'], 0) ?? MISSING_TEXTS)]),
      ...(separator === undefined ? {} : { separator }),
      ...(decimal === undefined ? {} : { decimal }),
      ...(encoding === undefined ? {} : { encoding }),
    },
    encode: {
      missing: oneOf('missing', ['mean', 'median', 'drop']) ?? 'mean',
      categories: oneOf('categories', ['oneHot', 'number']) ?? 'oneHot',
      standardize: checkFlag(field('standardize'), given['standardize'] ?? true),
      standardizeTarget: checkFlag(field('standardizeTarget'), given['standardizeTarget'] ?? false),
    },
  };
}

function checkSeparator(field: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && /^[^\r\n"]$/u.test(value))) return value;
  throw invalid({ field, expected: l10n.t("one character, e.g. ';'"), found: value });
}

function checkTest(field: string, value: unknown): number | string {
  if (typeof value === 'string') return checkPath(field, value);
  if (typeof value === 'number' && value > 0 && value < 1) return value;
  throw invalid({ field, expected: l10n.t('a share above 0 and below 1, or a file'), found: value });
}
