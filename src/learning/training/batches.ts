/**
 * Batches without copies: a split is handed to the engine once, bytes as bytes, and a step is fed the numbers of its
 * rows. What makes a batch of them (gather, cast, scale) is part of the step, so the compiled step does it too.
 */
import * as tf from '@tensorflow/tfjs';
import type { Split } from '../../lab/dataset';
import { shuffle, type Random } from '../../lab/random';
import type { StepFunction, Tensors } from '../compile';
import { currentEngine } from '../engine/port';

export interface BatchShape {
  readonly inputShape: readonly number[];
  readonly targetShape: readonly number[];
}

/** A permutation of 0 … length-1, the same for the same random source. */
export function shuffledIndices(length: number, random: Random): Int32Array {
  return shuffle(random, inOrder(length));
}

/** 0 … length-1. */
export function inOrder(length: number): Int32Array {
  return Int32Array.from({ length }, (_, index) => index);
}

/** A split in TensorFlow's memory. */
export class Rows {
  readonly length: number;
  /** [length, ...inputShape], uint8 or float32 */
  private readonly inputs: tf.Tensor;
  /** [length, ...targetShape], int32 or float32 */
  private readonly targets: tf.Tensor;

  constructor(split: Split, { inputShape, targetShape }: BatchShape) {
    this.length = split.length;
    const engine = currentEngine();
    this.inputs = engine.hold(split.x, [split.length, ...inputShape]);
    this.targets = engine.hold(split.y, [split.length, ...targetShape]);
  }

  /** Feeds for a step made by `onRows`. The caller disposes `rows`, and nothing else. */
  feeds(rows: Int32Array): { readonly inputs: tf.Tensor; readonly targets: tf.Tensor; readonly rows: tf.Tensor } {
    return { inputs: this.inputs, targets: this.targets, rows: tf.tensor1d(rows, 'int32') };
  }

  dispose(): void {
    tf.dispose([this.inputs, this.targets]);
  }
}

/**
 * A step on { x, y } that also takes { inputs, targets, rows }: x float32 [rows, ...inputShape] (bytes scaled to 0..1),
 * y int32 or float32 [rows, ...targetShape].
 */
export function onRows(step: StepFunction): StepFunction {
  return (feeds) => step(batchOf(feeds));
}

/** The feeds as { x, y }. What it makes belongs to the surrounding scope. */
export function batchOf(feeds: Tensors): Tensors {
  const { inputs, targets, rows } = feeds;
  if (inputs === undefined || targets === undefined || rows === undefined) return feeds;
  const engine = currentEngine();
  return { x: engine.rowsOf(inputs, rows), y: engine.rowsOf(targets, rows) };
}
