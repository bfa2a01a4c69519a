/**
 * Batches without copies: a split is handed to the engine once, bytes as bytes, and a step is fed which rows it takes. What
 * makes a batch of them (gather, cast, scale, pad) is part of the step, so the compiled step does it too.
 */
import * as tf from '@tensorflow/tfjs';
import type { Column, Dataset, Numbers, Ragged, Split, Windows } from '../../lab/dataset';
import { fixedSizes, inputsOf, isRagged, isWindows, maskShapes, named, targetsOf } from '../../lab/fields';
import { integer, shuffle, type Random } from '../../lab/random';
import type { StepFunction, Tensors } from '../compile';
import { currentEngine } from '../engine/port';
import { feedName } from './batch';

export type Fields = Pick<Dataset, 'inputShape' | 'inputType' | 'inputs' | 'targetShape' | 'classes' | 'targets'>;

/** 0 … length-1. */
export function inOrder(length: number): Int32Array {
  return Int32Array.from({ length }, (_, index) => index);
}

/** The rows of an epoch: all of them in another order, or `perEpoch` drawn at random. */
export function epochRows({ length, perEpoch }: Pick<Rows, 'length' | 'perEpoch'>, random: Random): Int32Array {
  if (perEpoch === undefined) return shuffle(random, inOrder(length));
  return Int32Array.from({ length: perEpoch }, () => integer(random, length));
}

/** What a step is fed in place of a batch; each belongs to the feed whose name it begins with. */
const PART = {
  /** All rows, or all positions of windows and rows of unequal length. */
  values: ':values',
  /** int32 [batch]: the position where each row starts. */
  starts: ':starts',
  /** int32 [positions of a row]: 0, 1, … */
  positions: ':positions',
  /** int32 [batch]: positions of each row; the others are padded. */
  lengths: ':lengths',
  /** A scalar. */
  pad: ':pad',
} as const;

/** int32 [batch]: the numbers of the rows. */
const ROWS = 'rows';

/** Rows in a batch that is fed. */
export function batchSizeOf(feeds: Tensors): number {
  const counted = feeds[ROWS] ?? feeds['y'] ?? Object.values(feeds)[0];
  return counted?.shape[0] ?? 1;
}

/** One input, target, mask or weights in TensorFlow's memory. */
interface Held {
  readonly feed: string;
  readonly column: Column;
  readonly values: tf.Tensor;
}

/** A split in TensorFlow's memory. */
export class Rows {
  readonly length: number;
  readonly perEpoch: number | undefined;
  private readonly held: readonly Held[];

  constructor(split: Split, fields: Fields) {
    this.length = split.length;
    this.perEpoch = split.perEpoch;
    const once = new Map<Numbers, tf.Tensor>();
    const hold = (feed: string, column: Column | undefined, shape: readonly (number | null)[]): Held[] => {
      if (column === undefined) return [];
      const isCut = isWindows(column) || isRagged(column);
      const values = isCut ? column.values : column;
      const inner = fixedSizes(isCut ? shape.slice(1) : shape);
      const width = inner.reduce((product, side) => product * side, 1);
      // Targets that are the inputs one position later are the same array.
      const whole = [values.length / width, ...inner];
      const known = once.get(values);
      const tensor = known?.shape.join() === whole.join() ? known : holdNumbers(values, whole);
      once.set(values, tensor);
      return [{ feed, column, values: tensor }];
    };
    const { x, y, mask, weights } = split;
    this.held = [
      ...inputsOf(fields).flatMap(({ name, shape }) => hold(feedName('x', name), named<Column>(x, name), shape)),
      ...targetsOf(fields).flatMap(({ name, shape }) => hold(feedName('y', name), named<Column>(y, name), shape)),
      ...(mask === undefined
        ? []
        : targetsOf(fields).flatMap(({ name, shape }) => {
            const own = named<Uint8Array>(mask, name);
            const positions = maskShapes(shape).find((one) => sizeOf(one) * split.length === own?.length);
            // Bytes are scaled: 255 counts.
            return hold(
              feedName('mask', name),
              own?.map((value) => 255 * value),
              positions ?? [],
            );
          })),
      ...hold('weights', weights, []),
    ];
  }

  /** Feeds for a step made by `onRows`. The caller hands them to `release`. */
  feeds(rows: Int32Array): Tensors {
    const feeds: Record<string, tf.Tensor> = { [ROWS]: tf.tensor1d(rows, 'int32') };
    for (const { feed, column, values } of this.held) {
      feeds[feed + PART.values] = values;
      if (isWindows(column)) Object.assign(feeds, cutFeeds(feed, windowStarts(column, rows), column.size));
      if (isRagged(column)) Object.assign(feeds, raggedFeeds(feed, column, rows));
    }
    return feeds;
  }

  /** The numbers of the longest rows, at most so many; where all are as long, of the first ones. */
  longest(count: number): Int32Array {
    const ragged = this.held.flatMap(({ column }) => (isRagged(column) ? [column] : []));
    if (ragged.length === 0) return inOrder(Math.min(count, this.length));
    const lengthOf = (row: number): number =>
      ragged.reduce((most, { starts }) => Math.max(most, (starts[row + 1] ?? 0) - (starts[row] ?? 0)), 0);
    return inOrder(this.length)
      .sort((a, b) => lengthOf(b) - lengthOf(a))
      .subarray(0, count);
  }

  /** Frees what `feeds` made. */
  static release(feeds: Tensors): void {
    for (const [name, tensor] of Object.entries(feeds)) if (!name.endsWith(PART.values)) tensor.dispose();
  }

  dispose(): void {
    tf.dispose(this.held.map(({ values }) => values));
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

function holdNumbers(values: Numbers, shape: readonly number[]): tf.Tensor {
  return currentEngine().hold(values instanceof Uint16Array ? Int32Array.from(values) : values, shape);
}

function windowStarts({ offset, stride }: Windows, rows: Int32Array): Int32Array {
  return rows.map((row) => offset + row * stride);
}

function cutFeeds(feed: string, starts: Int32Array, size: number): Tensors {
  return {
    [feed + PART.starts]: tf.tensor1d(starts, 'int32'),
    [feed + PART.positions]: tf.tensor1d(inOrder(size), 'int32'),
  };
}

function raggedFeeds(feed: string, { starts, pad, values }: Ragged, rows: Int32Array): Tensors {
  const lengthOf = (row: number): number => (starts[row + 1] ?? 0) - (starts[row] ?? 0);
  const lengths = rows.map(lengthOf);
  const size = paddedSize(lengths.reduce((most, length) => Math.max(most, length), 1));
  return {
    ...cutFeeds(
      feed,
      rows.map((row) => starts[row] ?? 0),
      size,
    ),
    [feed + PART.lengths]: tf.tensor1d(lengths, 'int32'),
    [feed + PART.pad]: tf.scalar(
      pad,
      values instanceof Float32Array || values instanceof Uint8Array ? 'float32' : 'int32',
    ),
  };
}

/** The longest row or up to a quarter more, so that batches have few shapes: each needs a graph of its own. */
export function paddedSize(longest: number): number {
  const grain = 2 ** Math.max(0, Math.floor(Math.log2(longest)) - 2);
  return Math.ceil(longest / grain) * grain;
}

/** A step on a batch { x, y, mask?, weights? } that takes what `Rows.feeds` gives. */
export function onRows(step: StepFunction): StepFunction {
  return (feeds) => step(batchOf(feeds));
}

/**
 * The feeds as a batch: x float32 [rows, ...inputShape] (bytes scaled to 0..1) or int32, y int32 or float32, mask float32,
 * weights float32 [rows]. What it makes belongs to the surrounding scope.
 */
export function batchOf(feeds: Tensors): Tensors {
  const rows = feeds[ROWS];
  if (rows === undefined) return feeds;
  const batch: Record<string, tf.Tensor> = {};
  for (const [name, tensor] of Object.entries(feeds)) {
    if (!name.includes(':') && name !== ROWS) batch[name] = tensor;
    if (!name.endsWith(PART.values)) continue;
    const feed = name.slice(0, -PART.values.length);
    Object.assign(batch, rowsOf(feed, tensor, feeds, rows));
  }
  return batch;
}

function rowsOf(feed: string, values: tf.Tensor, feeds: Tensors, rows: tf.Tensor): Record<string, tf.Tensor> {
  const engine = currentEngine();
  const [starts, positions] = [feeds[feed + PART.starts], feeds[feed + PART.positions]];
  if (starts === undefined || positions === undefined) return { [feed]: engine.rowsOf(values, rows) };
  const [batch = 0] = starts.shape;
  const [held = 1] = values.shape;
  const size = positions.size;
  const places = tf.add(tf.expandDims(starts, 1), positions);
  const [lengths, pad] = [feeds[feed + PART.lengths], feeds[feed + PART.pad]];
  const shaped = (flat: tf.Tensor): tf.Tensor => tf.reshape(flat, [batch, size, ...values.shape.slice(1)]);
  if (lengths === undefined || pad === undefined) {
    return { [feed]: shaped(engine.rowsOf(values, tf.reshape(places, [-1]))) };
  }
  const isInside = tf.less(positions, tf.expandDims(lengths, 1));
  const within = tf.minimum(places, tf.scalar(held - 1, 'int32'));
  const taken = shaped(engine.rowsOf(values, tf.reshape(within, [-1])));
  const counts = tf.cast(isInside, 'float32');
  const inside = tf.reshape(isInside, [batch, size, ...values.shape.slice(1).map(() => 1)]);
  const padded = tf.where(tf.broadcastTo(inside, taken.shape), taken, pad);
  const [role, ...name] = feed.split('.');
  const isTarget = role === 'y';
  return { [feed]: padded, ...(isTarget ? { [feedName('mask', name.join('.'))]: counts } : {}) };
}
