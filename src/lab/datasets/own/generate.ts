/** Examples that a function of the learner's gives one by one: read, computed, or fetched. */
import * as l10n from '@vscode/l10n';
import * as tf from '@tensorflow/tfjs';
import { checkInteger, checkKnown, checkObject, describe, invalid } from '../../check';
import { loadContext } from '../../cells/loadContext';
import { DataProblem, firstNotFinite } from '../../dataProblem';
import type { ElementType, InMemoryDataset, LoadContext, Numbers, PlainSplit, Shape } from '../../dataset';
import { isNumbers } from '../../fields';
import { stopIfCancelled } from '../errors';
import { notice } from '../notice';
import { sizeOf, type Nested } from './numbers';
import { splitAtRandom, take } from './split';
import { nothingUsable } from './unusable';

/** One example. Tensors are freed when their numbers have been taken. */
export interface Example {
  readonly x: tf.Tensor | Numbers | Nested;
  /** A place in `classes`, or the name of one; of a regression, its numbers. */
  readonly y: tf.Tensor | Numbers | Nested | string;
}

export interface GenerateOptions {
  readonly name?: string;
  /** Shape of one input. */
  readonly inputShape: readonly number[];
  /** int32: whole numbers, such as tokens. Default float32. */
  readonly inputType?: ElementType;
  /** Names in label order. Left out, a regression. */
  readonly classes?: readonly string[];
  /** Numbers of one target. Default: [] with classes, else [1]. */
  readonly targetShape?: readonly number[];
  /** How many examples to take, for training and testing together, at least 2. */
  readonly examples: number;
  /** The share for testing, drawn at random, of each class the same. Default 0.2. */
  readonly test?: number;
  readonly licence?: string;
  /** Of the rows for testing: the same seed gives the same. Default 1. */
  readonly seed?: number;
}

/** Called anew for each loading. */
export type Generator = (
  context: Pick<LoadContext, 'signal' | 'directories'>,
) => AsyncIterable<Example> | Iterable<Example>;

const OPTIONS = [
  'name',
  'inputShape',
  'inputType',
  'classes',
  'targetShape',
  'examples',
  'test',
  'licence',
  'seed',
] as const;
/** Milliseconds between two words on how far it is. */
const PACE = 200;

/**
 * Examples that a generator gives one by one, kept in memory for the training.
 *
 *   datasets.generate(async function* () {
 *     for (const file of files) yield { x: await read(file), y: 'cat' };
 *   }, { inputShape: [64], classes: ['cat', 'dog'], examples: 1_000 })
 *
 * It is asked when a training begins, and only for as many as are wanted; its `finally` runs when it is not asked on.
 *
 * @returns x float32 or int32 in `inputShape`; y a class index, or float32
 * @throws LabError EXPERIMENT_INVALID at once; when loading, with the number of the example, DATA_INVALID, DATA_NOT_FINITE,
 *   DATA_LABEL_RANGE; DATA_UNUSABLE; CANCELLED; what the generator throws
 */
export function generate(generator: Generator, options: GenerateOptions): InMemoryDataset {
  const owner = 'datasets.generate';
  if (typeof generator !== 'function') {
    const expected = l10n.t('a function that yields examples: function* () { … }');
    throw invalid({ field: `${owner}: generator`, expected, found: generator });
  }
  const form = checkOptions(owner, options);
  return Object.freeze({
    name: form.name,
    kind: kindOf(form.inputShape),
    inputShape: form.inputShape,
    inputType: form.inputType,
    classes: form.classes,
    targetShape: form.targetShape,
    ...form.counts,
    licence: form.licence,
    load: async (given) => {
      const context = loadContext(given);
      const rows = await collect(generator, form, context);
      const labels = form.classes.length > 0 && form.targetShape.length === 0 ? rows.y : undefined;
      const parts = splitAtRandom(rows.length, labels, form.test, form.seed);
      const split = (places: Int32Array): PlainSplit => ({
        length: places.length,
        x: take(rows.x, sizeOf(form.inputShape), places),
        y: take(rows.y, sizeOf(form.targetShape), places),
      });
      return { train: split(parts.train), test: split(parts.test) };
    },
  } satisfies InMemoryDataset);
}

interface Form {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly inputType: ElementType;
  readonly classes: readonly string[];
  readonly targetShape: readonly number[];
  readonly examples: number;
  readonly counts: { readonly train: number; readonly test: number };
  readonly test: number;
  readonly licence: string;
  readonly seed: number;
}

function checkOptions(owner: string, options: unknown): Form {
  const given = checkObject(owner, options);
  checkKnown(owner, given, OPTIONS);
  const {
    name = l10n.t('own data'),
    inputType = 'float32',
    licence = l10n.t('your own data'),
  } = given as Partial<GenerateOptions>;
  const classes = given['classes'] ?? [];
  if (!Array.isArray(classes) || classes.length === 1 || new Set(classes).size !== classes.length)
    throw invalid({ field: `${owner}: classes`, expected: l10n.t('at least two different names'), found: classes });
  if (!['float32', 'int32'].includes(inputType))
    throw invalid({ field: `${owner}: inputType`, expected: "'float32', 'int32'", found: inputType });
  const test = given['test'] ?? 0.2;
  if (typeof test !== 'number' || !(test > 0 && test < 1))
    throw invalid({ field: `${owner}: test`, expected: l10n.t('a number above 0 and below 1'), found: test });
  const examples = checkInteger(`${owner}: examples`, given['examples'], { min: 2 });
  const tested = Math.min(Math.max(Math.round(examples * test), 1), examples - 1);
  return {
    name,
    inputShape: checkShape(`${owner}: inputShape`, given['inputShape']),
    inputType,
    classes: Object.freeze([...(classes as readonly string[])]),
    targetShape: checkShape(`${owner}: targetShape`, given['targetShape'] ?? (classes.length > 0 ? [] : [1])),
    examples,
    counts: { train: examples - tested, test: tested },
    test,
    licence,
    seed: checkInteger(`${owner}: seed`, given['seed'] ?? 1, { min: 0, max: 2 ** 31 - 1 }),
  };
}

function checkShape(field: string, shape: unknown): readonly number[] {
  if (Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && Number(size) > 0))
    return Object.freeze([...(shape as readonly number[])]);
  throw invalid({ field, expected: l10n.t('whole numbers of at least 1, e.g. [28, 28, 1]'), found: shape });
}

const kindOf = (shape: Shape): InMemoryDataset['kind'] =>
  shape.length === 3 && (shape[2] === 1 || shape[2] === 3) ? 'images' : 'table';

interface Collected {
  readonly length: number;
  readonly x: Float32Array | Int32Array;
  readonly y: Float32Array | Int32Array;
}

async function collect(generator: Generator, form: Form, context: LoadContext): Promise<Collected> {
  const { examples, name, classes, inputType } = form;
  const [width, targets] = [sizeOf(form.inputShape), sizeOf(form.targetShape)];
  const indices = classes.length > 0 && (form.targetShape.length === 0 || form.targetShape.at(-1) !== classes.length);
  const x = inputType === 'int32' ? new Int32Array(examples * width) : new Float32Array(examples * width);
  const y = indices ? new Int32Array(examples * targets) : new Float32Array(examples * targets);
  const reader = new ExampleReader(form, indices, new DataProblem(name));
  let [count, told] = [0, 0];
  stopIfCancelled(context.signal);
  context.progress(l10n.t('Reading {0}', name), 0);
  for await (const example of generator({ signal: context.signal, directories: context.directories })) {
    stopIfCancelled(context.signal);
    x.set(reader.x(example, count), count * width);
    y.set(reader.y(example, count), count * targets);
    count += 1;
    if (count === examples) break;
    if (performance.now() - told < PACE) continue;
    told = performance.now();
    context.progress(l10n.t('Reading {0}', name), count / examples);
    await new Promise(setImmediate); // A generator that never waits would let nobody cancel.
  }
  if (count < 2) throw nothingUsable(name, count, 2);
  if (count < examples)
    notice(context, l10n.t('{0}: {1} examples were given, {2} were asked for.', name, count, examples));
  return { length: count, x: x.subarray(0, count * width), y: y.subarray(0, count * targets) };
}

/** The numbers of an example, once they are known to fit. */
class ExampleReader {
  constructor(
    private readonly form: Form,
    private readonly indices: boolean,
    private readonly problem: DataProblem,
  ) {}

  x(example: unknown, row: number): Numbers | readonly number[] {
    const { inputShape, inputType } = this.form;
    const values = this.numbers(this.part(example, 'x', row), 'x', row, inputShape);
    const odd = inputType === 'int32' ? values.findIndex((value) => !Number.isInteger(value)) : -1;
    if (odd < 0) return values;
    const remedy = l10n.t("Leave out inputType: 'int32'.");
    throw this.problem.of(`x[${row}]`, l10n.t('whole numbers'), String(values[odd]), remedy);
  }

  y(example: unknown, row: number): Numbers | readonly number[] {
    const { classes, targetShape } = this.form;
    const given = this.part(example, 'y', row);
    const label = typeof given === 'string' ? classes.indexOf(given) : given;
    if (label === -1 && typeof given === 'string') {
      const remedy = l10n.t('Correct the name, or add it to "classes".');
      throw this.problem.of(`y[${row}]`, classes.join(', ') || l10n.t('numbers'), describe(given), remedy);
    }
    const values = this.numbers(label, 'y', row, targetShape);
    const wrong = this.indices
      ? values.findIndex((value) => !(value >= 0 && value < classes.length && value % 1 === 0))
      : -1;
    if (wrong < 0) return values;
    throw this.problem.label('y', values[wrong] ?? Number.NaN, row, classes.length, Float32Array.from(values));
  }

  private part(example: unknown, which: 'x' | 'y', row: number): unknown {
    const parts: Readonly<Record<string, unknown>> =
      typeof example === 'object' && example !== null ? { ...example } : {};
    if (parts[which] !== undefined) return parts[which];
    const found = l10n.t('{0} at example {1}', describe(example), row);
    throw this.problem.of(which, '{ x, y }', found, l10n.t('Yield { x, y } for each example.'));
  }

  private numbers(given: unknown, which: 'x' | 'y', row: number, shape: readonly number[]): Float32Array {
    const read = numbersOf(given);
    const size = sizeOf(shape);
    if (read?.length !== size) {
      const expected = l10n.t('{0} numbers, shape [{1}]', size, shape.join(', '));
      const found = read === undefined ? describe(given) : l10n.t('{0} numbers', read.length);
      throw this.problem.of(
        `${which}[${row}]`,
        expected,
        found,
        l10n.t('Each example is of the shape that the data set declares.'),
      );
    }
    const bad = firstNotFinite(read);
    if (bad >= 0) throw this.problem.notFinite(which, read[bad] ?? Number.NaN, row * size + bad, size);
    return read;
  }
}

/** Undefined for what is not made of numbers. */
function numbersOf(given: unknown): Float32Array | undefined {
  if (given instanceof tf.Tensor) {
    const values: unknown = given.dataSync();
    given.dispose();
    return isNumbers(values) ? Float32Array.from(values) : undefined;
  }
  if (isNumbers(given)) return Float32Array.from(given);
  const flat = (Array.isArray(given) ? given.flat(Number.POSITIVE_INFINITY) : [given]) as readonly unknown[];
  return flat.every((one) => typeof one === 'number') ? Float32Array.from(flat) : undefined;
}
