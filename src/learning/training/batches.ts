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

/** What `onRows` makes a batch of. */
export interface RowFeeds extends Record<string, tf.Tensor> {
  readonly inputs: tf.Tensor;
  readonly targets: tf.Tensor;
  readonly rows: tf.Tensor;
}

/** A split in TensorFlow's memory. */
export class Rows {
  readonly length: number;
  /** [length, ...inputShape], uint8 or float32 */
  private readonly inputs: tf.Tensor;
  /** [length, ...targetShape], int32 or float32 */
  private readonly targets: tf.Tensor;
  /** [length], float32 */
  private readonly exampleWeights: tf.Tensor | undefined;

  constructor(split: Split, { inputShape, targetShape }: BatchShape) {
    this.length = split.length;
    const engine = currentEngine();
    this.inputs = engine.hold(split.x, [split.length, ...inputShape]);
    this.targets = engine.hold(split.y, [split.length, ...targetShape]);
    this.exampleWeights = split.weights && engine.hold(split.weights, [split.length]);
  }

  /** Feeds for a step made by `onRows`. The caller disposes `rows`, and nothing else. */
  feeds(rows: Int32Array): RowFeeds {
    const { inputs, targets, exampleWeights } = this;
    const weighted = exampleWeights === undefined ? {} : { exampleWeights };
    return { inputs, targets, ...weighted, rows: tf.tensor1d(rows, 'int32') };
  }

  dispose(): void {
    tf.dispose([this.inputs, this.targets, ...(this.exampleWeights === undefined ? [] : [this.exampleWeights])]);
  }
}

/**
 * A step on { x, y, weights? } that also takes { inputs, targets, exampleWeights?, rows }: x float32 [rows, ...inputShape]
 * (bytes scaled to 0..1), y int32 or float32 [rows, ...targetShape], weights float32 [rows].
 */
export function onRows(step: StepFunction): StepFunction {
  return (feeds) => step(batchOf(feeds));
}

/** The feeds as { x, y, weights? }. What it makes belongs to the surrounding scope. */
export function batchOf(feeds: Tensors): Tensors {
  const { inputs, targets, exampleWeights, rows, ...others } = feeds;
  if (inputs === undefined || targets === undefined || rows === undefined) return feeds;
  const engine = currentEngine();
  const weighted = exampleWeights === undefined ? {} : { weights: engine.rowsOf(exampleWeights, rows) };
  return { x: engine.rowsOf(inputs, rows), y: engine.rowsOf(targets, rows), ...weighted, ...others };
}
