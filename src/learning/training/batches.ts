/**
 * Batches without copies: a split is handed to TensorFlow once, bytes as bytes, and a step is fed the numbers of its
 * rows. What makes a batch of them (gather, cast, scale) is part of the step, so the compiled step does it too.
 */
import * as tf from '@tensorflow/tfjs';
import type { Split } from '../../lab/dataset';
import { shuffle, type Random } from '../../lab/random';
import { DataType, nativeBackend, type NativeBackend, type StepFunction, type Tensors } from '../compile';

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
    const shape = [split.length, ...inputShape];
    this.inputs = split.x instanceof Uint8Array ? bytes(split.x, shape) : tf.tensor(split.x, shape, 'float32');
    const dtype = split.y instanceof Int32Array ? 'int32' : 'float32';
    this.targets = tf.tensor(split.y, [split.length, ...targetShape], dtype);
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
  return { x: gather(inputs, rows), y: gather(targets, rows) };
}

/** tf.gather, but for bytes too, which come out as float32 in 0..1. */
function gather(tensor: tf.Tensor, rows: tf.Tensor): tf.Tensor {
  const backend = native();
  const { binding } = backend;
  const type = (name: string, value: number): object => ({ name, type: binding.TF_ATTR_TYPE, value });
  const dtype = backend.tensorMap.get(tensor.dataId)?.dtype ?? DataType.float32;
  const gathered = backend.executeSingleOutput(
    'GatherV2',
    [
      { name: 'batch_dims', type: binding.TF_ATTR_INT, value: 0 },
      type('Tparams', dtype),
      type('Tindices', DataType.int32),
      type('Taxis', DataType.int32),
    ],
    [tensor, rows, tf.scalar(0, 'int32')],
  );
  if (dtype !== DataType.uint8) return gathered;
  const cast = [
    type('SrcT', DataType.uint8),
    type('DstT', DataType.float32),
    { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false },
  ];
  return tf.div(backend.executeSingleOutput('Cast', cast, [gathered]), 255);
}

/** tfjs has no type for bytes; to itself it calls such a tensor int32. Only `gather` may touch it. */
function bytes(values: Uint8Array, shape: number[]): tf.Tensor {
  const backend = native();
  const id = backend.binding.createTensor(shape, DataType.uint8, values);
  return backend.createOutputTensor({ id, shape, dtype: DataType.uint8 });
}

function native(): NativeBackend {
  const backend = nativeBackend();
  if (backend === undefined) throw new Error('Rows need the native engine.');
  return backend;
}
