/** Arrays and tensors that a model file or a cell has made, as a data set. */
import * as l10n from '@vscode/l10n';
import { checkInteger, checkKnown, checkObject, invalid } from '../../check';
import { loadContext } from '../../cells/loadContext';
import { DataProblem, firstNotFinite } from '../../dataProblem';
import type { ElementType, InMemoryDataset, PlainSplit } from '../../dataset';
import { stopIfCancelled } from '../errors';
import { readTargets, type Targets, type Task } from './labels';
import { readRows, sizeOf, type ReadRows, type RowsOfNumbers } from './numbers';
import { splitAtRandom, take } from './split';
import { nothingUsable } from './unusable';

export interface Examples {
  /** Inputs, a row each. Bytes, 0 … 255, are pictures. */
  readonly x: RowsOfNumbers;
  /** Names of classes, class numbers, or numbers to predict: as many as rows of x. */
  readonly y: RowsOfNumbers | readonly string[];
}

export interface OfOptions extends Examples {
  readonly name?: string;
  /** The share of the rows for testing, drawn at random, of each class the same; or examples of their own. Default 0.2. */
  readonly test?: number | Examples;
  /** Shape of one input; for typed arrays. */
  readonly inputShape?: readonly number[];
  /** int32: whole numbers, such as tokens. Default: what x is made of; arrays of numbers are float32. */
  readonly inputType?: ElementType;
  /** Names in label order; y then holds places in it, from 0, or the names. */
  readonly classes?: readonly string[];
  /** What to make of targets that are numbers, where the default guesses wrong. */
  readonly task?: Task;
  /** Of the rows for testing: the same seed gives the same. Default 1. */
  readonly seed?: number;
}

const OPTIONS = ['x', 'y', 'name', 'test', 'inputShape', 'inputType', 'classes', 'task', 'seed'];

/** Rows that have been looked at. */
interface Checked {
  readonly x: ReadRows;
  readonly y: Targets;
}

/**
 * Examples that are there already.
 *
 *   datasets.of({ x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: ['no', 'yes', 'yes', 'no'], test: 0.5 })
 *   datasets.of({ x: tf.randomNormal([1000, 8]), y: targets, task: 'regression' })
 *
 * Tensors stay the caller's; their numbers are copied. Every row is looked at, and what is wrong is told with its number.
 *
 * @returns x in the shape of its rows; y a class index, or float32 of a regression
 * @throws LabError at once: EXPERIMENT_INVALID; DATA_INVALID, DATA_NOT_FINITE, DATA_LABEL_RANGE, DATA_UNUSABLE
 */
export function of(options: OfOptions): InMemoryDataset {
  const owner = 'datasets.of';
  const given = checkObject(owner, options);
  checkKnown(owner, given, OPTIONS);
  const { name = l10n.t('own data'), test = 0.2 } = options;
  const seed = checkInteger(`${owner}: seed`, given['seed'] ?? 1, { min: 0, max: 2 ** 31 - 1 });
  checkClasses(`${owner}: classes`, given['classes']);
  const problem = new DataProblem(name);
  const all = checkExamples(options, '', options, problem);
  const { inputShape, inputType } = inputOf(all.x);
  const own = typeof test === 'number' ? undefined : checkTest(test, options, all, problem);
  const parts =
    own === undefined ? splitAtRandom(all.x.length, labelsOf(all.y), checkShare(owner, test), seed) : undefined;
  const [train, tested] = [parts?.train.length ?? all.x.length, parts?.test.length ?? own?.x.length ?? 0];
  if (train === 0 || tested === 0) throw nothingUsable(name, train + tested, 2);
  return Object.freeze({
    name,
    kind: kindOf(inputShape, all.y),
    inputShape: Object.freeze([...inputShape]),
    inputType,
    classes: Object.freeze([...all.y.classes]),
    targetShape: Object.freeze([...all.y.shape]),
    train,
    test: tested,
    licence: l10n.t('your own data'),
    load: (context) => {
      stopIfCancelled(loadContext(context).signal);
      return Promise.resolve({
        train: parts === undefined ? whole(all) : taken(all, parts.train),
        test: parts === undefined ? whole(own ?? all) : taken(all, parts.test),
      });
    },
  } satisfies InMemoryDataset);
}

function checkShare(owner: string, test: unknown): number {
  if (typeof test === 'number' && test > 0 && test < 1) return test;
  throw invalid({ field: `${owner}: test`, expected: l10n.t('a share above 0 and below 1, or { x, y }'), found: test });
}

function checkClasses(field: string, classes: unknown): void {
  if (classes === undefined) return;
  const list: readonly unknown[] = Array.isArray(classes) ? classes : [];
  if (list.length >= 2 && new Set(list).size === list.length && list.every((one) => typeof one === 'string')) return;
  throw invalid({ field, expected: l10n.t('at least two different names'), found: classes });
}

/** @param prefix "" or "test." */
function checkExamples(
  { x: givenX, y: givenY }: Examples,
  prefix: string,
  { inputShape, inputType, classes, task }: Omit<OfOptions, 'x' | 'y'>,
  problem: DataProblem,
): Checked {
  const rows = readRows(givenX, `${prefix}x`, problem, inputShape);
  const x = typed(rows, `${prefix}x`, inputType, problem);
  const y = readTargets(givenY, `${prefix}y`, problem, {
    ...(classes === undefined ? {} : { classes }),
    ...(task === undefined ? {} : { task }),
  });
  if (x.length !== y.length) {
    const remedy = l10n.t('Each row of x has its target at the same place in y.');
    throw problem.of(
      `${prefix}y`,
      l10n.t('{0} targets, one for each row of x', x.length),
      l10n.t('{0} targets', y.length),
      remedy,
    );
  }
  if (x.length === 0 || sizeOf(x.shape) === 0) throw nothingUsable(problem.name, 0, 1);
  for (const [field, { values, shape }] of [[`${prefix}x`, x] as const, [`${prefix}y`, y] as const]) {
    const bad = values instanceof Float32Array ? firstNotFinite(values) : -1;
    if (bad >= 0) throw problem.notFinite(field, values[bad] ?? Number.NaN, bad, sizeOf(shape));
  }
  return { x, y };
}

/** As the type that was asked for, or that the numbers have. */
function typed(rows: ReadRows, field: string, type: ElementType | undefined, problem: DataProblem): ReadRows {
  const { values, shape } = rows;
  if (values instanceof Uint8Array && (type === 'int32' || shape.length < 2)) {
    const remedy = l10n.t(
      'Bytes become 0 … 1, as pictures need it. Whole numbers, such as tokens: Int32Array.from(…).',
    );
    throw problem.of(
      field,
      l10n.t('bytes of pictures, with "inputShape" [height, width, channels]'),
      l10n.t('bytes'),
      remedy,
    );
  }
  if (type === 'float32' && !(values instanceof Uint8Array)) return { ...rows, values: Float32Array.from(values) };
  if (type !== 'int32') return rows;
  const odd = values.findIndex((value) => !Number.isInteger(value));
  if (odd < 0) return { ...rows, values: Int32Array.from(values) };
  const expected = l10n.t('whole numbers');
  const found = l10n.t('{0} in row {1}', String(values[odd]), Math.floor(odd / sizeOf(shape)));
  throw problem.of(field, expected, found, l10n.t("Leave out inputType: 'int32'."));
}

function inputOf({ values, shape }: ReadRows): {
  readonly inputShape: readonly number[];
  readonly inputType: ElementType;
} {
  const isWhole = values instanceof Int32Array || values instanceof Uint16Array;
  return { inputShape: shape.length === 0 ? [1] : shape, inputType: isWhole ? 'int32' : 'float32' };
}

function checkTest(test: unknown, options: OfOptions, all: Checked, problem: DataProblem): Checked {
  const given = checkObject('datasets.of: test', test);
  checkKnown('datasets.of: test', given, ['x', 'y']);
  // Classes are those of the training data: a test may lack some of them.
  const classes = all.y.classes.length === 0 ? {} : { classes: all.y.classes };
  const named = options.classes === undefined && all.y.classes.length > 0;
  const y = named ? labelled(given['y']) : given['y'];
  const tested = checkExamples({ ...given, y } as unknown as Examples, 'test.', { ...options, ...classes }, problem);
  if (tested.x.shape.join() === all.x.shape.join()) return tested;
  const remedy = l10n.t('Rows for testing are like those for training.');
  throw problem.of('test.x', `[${all.x.shape.join(', ')}]`, `[${tested.x.shape.join(', ')}]`, remedy);
}

/** Numbers of classes that were not named are their names. */
function labelled(y: unknown): unknown {
  if (Array.isArray(y)) return y.map((one: unknown) => (typeof one === 'number' ? String(one) : one));
  return y;
}

const labelsOf = ({ values, classes, shape }: Targets): Int32Array | undefined =>
  classes.length > 0 && shape.length === 0 && values instanceof Int32Array ? values : undefined;

function kindOf(shape: readonly number[], { classes }: Targets): InMemoryDataset['kind'] {
  if (shape.length === 3 && (shape[2] === 1 || shape[2] === 3)) return 'images';
  return shape.length === 1 && shape[0] === 2 && classes.length > 0 ? 'points' : 'table';
}

const whole = ({ x, y }: Checked): PlainSplit => ({ length: x.length, x: x.values, y: y.values });

function taken({ x, y }: Checked, rows: Int32Array): PlainSplit {
  return { length: rows.length, x: take(x.values, sizeOf(x.shape), rows), y: take(y.values, sizeOf(y.shape), rows) };
}
