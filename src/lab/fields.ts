/** The inputs and targets of a data set, whether it has one of each or several by name. */
import type { Column, Dataset, ElementType, Numbers, PlainSplit, Ragged, Shape, Split, Windows } from './dataset';
import type { InputShapes } from '../protocol/run';
import type { DataInfo } from './experiment';

/** The name of the only input or target. */
export const SOLE = '';

export interface Input {
  /** '' for the only one. */
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
}

export interface Target {
  /** '' for the only one. */
  readonly name: string;
  readonly shape: Shape;
  readonly classes: readonly string[];
}

type Inputs = Pick<Dataset, 'inputShape' | 'inputType' | 'inputs'>;
type Targets = Pick<Dataset, 'targetShape' | 'classes' | 'targets'>;

export function inputsOf({ inputShape, inputType = 'float32', inputs }: Inputs): readonly Input[] {
  if (inputs === undefined) return [{ name: SOLE, shape: inputShape ?? [], type: inputType }];
  return Object.entries(inputs).map(([name, { shape, type = 'float32' }]) => ({ name, shape, type }));
}

export function targetsOf({ targetShape, classes, targets }: Targets): readonly Target[] {
  if (targets === undefined) return [{ name: SOLE, shape: targetShape ?? [], classes: classes ?? [] }];
  return Object.entries(targets).map(([name, { shape, classes: own = [] }]) => ({ name, shape, classes: own }));
}

/** What a model builder is told about the data. */
export function infoOf(data: Dataset): DataInfo {
  const [input] = inputsOf(data);
  const [target] = targetsOf(data);
  return {
    // A first size of null is for layers, whose shapes take it.
    inputShape: [...(input?.shape ?? [])] as number[],
    classes: target?.classes.length ?? 0,
    ...(data.inputs === undefined ? {} : { inputs: data.inputs }),
    ...(data.targets === undefined ? {} : { targets: data.targets }),
  };
}

/** The shapes of the inputs, as records and inspections have them. */
export function shapesOf(data: Inputs): InputShapes {
  if (data.inputs === undefined) return { inputShape: data.inputShape ?? [] };
  return { inputs: Object.fromEntries(inputsOf(data).map(({ name, shape }) => [name, shape])) };
}

/** The target of that name. Undefined where the data set has none. */
export function targetNamed(data: Targets, name: string): Target | undefined {
  return targetsOf(data).find((target) => target.name === name);
}

/** Of what a split has once or by name, the one of that name. */
export function named<T extends object>(whole: T | Readonly<Record<string, T>>, name: string): T | undefined {
  return name === SOLE ? (whole as T) : (whole as Readonly<Record<string, T>>)[name];
}

export function columnOf(split: Split, which: 'x' | 'y', name: string): Column | undefined {
  return named<Column>(split[which], name);
}

export function isWindows(column: unknown): column is Windows {
  return isKind(column, 'windows');
}

export function isRagged(column: unknown): column is Ragged {
  return isKind(column, 'ragged');
}

function isKind(column: unknown, kind: string): boolean {
  return typeof column === 'object' && column !== null && 'kind' in column && column.kind === kind;
}

export function isNumbers(value: unknown): value is Numbers {
  return (
    value instanceof Float32Array ||
    value instanceof Uint8Array ||
    value instanceof Int32Array ||
    value instanceof Uint16Array
  );
}

/** What a curve of one of several outputs is called, as in Keras: label_loss. */
export function outputSeries(target: string, metric: string): string {
  return target === SOLE ? metric : `${target}_${metric}`;
}

/** Whether each of its rows lies in plain memory. */
export function isPlainSplit(split: Split): split is PlainSplit {
  return isNumbers(split.x) && isNumbers(split.y);
}

/** Sizes of rows of equal length. */
export function fixedSizes(shape: Shape): number[] {
  return shape.map((side) => side ?? 0);
}

/** All numbers of a column. */
export function valuesOf(column: Column): Numbers {
  return isWindows(column) || isRagged(column) ? column.values : column;
}

/** Numbers in one row, or in one position of a row where rows are cut out of a long array. */
export function widthOf(shape: Shape, column: Column): number {
  const sizes = isWindows(column) || isRagged(column) ? shape.slice(1) : shape;
  return sizes.reduce<number>((product, side) => product * (side ?? 1), 1);
}

/** Shapes that a mask of targets may have: one number for a target as a whole, or for each of its positions. */
export function maskShapes(shape: Shape): readonly (readonly number[])[] {
  const sizes = fixedSizes(shape);
  return Array.from({ length: sizes.length + 1 }, (_, rank) => sizes.slice(0, rank));
}

/** The first `count` rows; no copy. */
export function firstRows(split: Split, count: number): Split {
  const { x, y, weights, mask, perEpoch, length } = split;
  const each = <T extends object>(whole: T | Readonly<Record<string, T>>, part: (one: T) => T): typeof whole =>
    isColumn(whole) ? part(whole) : Object.fromEntries(Object.entries(whole).map(([name, one]) => [name, part(one)]));
  const plain = <T extends Numbers>(values: T): T => values.subarray(0, (values.length / length) * count) as T;
  const rows = (column: Column): Column => {
    if (isWindows(column)) return column;
    return isRagged(column) ? { ...column, starts: column.starts.subarray(0, count + 1) } : plain(column);
  };
  return {
    length: count,
    x: each<Column>(x, rows),
    y: each<Column>(y, rows),
    ...(weights === undefined ? {} : { weights: plain(weights) }),
    ...(mask === undefined ? {} : { mask: each<Uint8Array>(mask, plain) }),
    ...(perEpoch === undefined ? {} : { perEpoch: Math.min(perEpoch, count) }),
  };
}

function isColumn<T extends object>(whole: T | Readonly<Record<string, T>>): whole is T {
  return isNumbers(whole) || isWindows(whole) || isRagged(whole);
}
