/** Turns rows in plain memory into batches of tensors. */
import * as tf from '@tensorflow/tfjs';
import type { Split } from '../../lab/dataset';
import { shuffle, type Random } from '../../lab/random';

export interface BatchShape {
  readonly inputShape: readonly number[];
  readonly targetShape: readonly number[];
}

export interface Batch {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly size: number;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** A permutation of 0 … length-1, the same for the same random source. */
export function shuffledIndices(length: number, random: Random): Uint32Array {
  return shuffle(random, inOrder(length));
}

/** 0 … length-1. */
export function inOrder(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, index) => index);
}

/**
 * The rows `order[from … to)` as tensors: x float32 [size, ...inputShape] (bytes scaled to 0..1), y int32 or float32
 * [size, ...targetShape]. The caller disposes both.
 */
export function gatherBatch(split: Split, shape: BatchShape, order: Uint32Array, from: number, to: number): Batch {
  const size = Math.min(to, order.length) - from;
  const width = sizeOf(shape.inputShape);
  const x = new Float32Array(size * width);
  const scale = split.x instanceof Uint8Array ? 1 / 255 : 1;
  for (let row = 0; row < size; row++) {
    const start = (order[from + row] ?? 0) * width;
    const target = row * width;
    if (scale === 1) x.set(split.x.subarray(start, start + width), target);
    else for (let column = 0; column < width; column++) x[target + column] = (split.x[start + column] ?? 0) * scale;
  }
  return {
    x: tf.tensor(x, [size, ...shape.inputShape], 'float32'),
    y: gatherTargets(split.y, shape, order, from, size),
    size,
  };
}

function gatherTargets(
  targets: Split['y'],
  shape: BatchShape,
  order: Uint32Array,
  from: number,
  size: number,
): tf.Tensor {
  const width = sizeOf(shape.targetShape);
  const y = targets instanceof Int32Array ? new Int32Array(size * width) : new Float32Array(size * width);
  for (let row = 0; row < size; row++) {
    const start = (order[from + row] ?? 0) * width;
    y.set(targets.subarray(start, start + width), row * width);
  }
  return tf.tensor(y, [size, ...shape.targetShape], targets instanceof Int32Array ? 'int32' : 'float32');
}
