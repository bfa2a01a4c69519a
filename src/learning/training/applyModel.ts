import * as tf from '@tensorflow/tfjs';
import type { Batch } from '../../lab/experiment';
import { answerOf } from './batch';

/** Rows that the model takes at a time, where it was built for one number: by `batchInputShape`. */
export function fixedBatch(model: tf.LayersModel): number | undefined {
  return model.inputs[0]?.shape[0] ?? undefined;
}

/**
 * The model's output for any number of rows: [rows, …] of x [rows, …inputShape], each of several inputs and outputs by the
 * name of its layer. A model built for a fixed number gets them in such batches, in order; the last is filled up with rows
 * from the front, whose outputs are dropped.
 */
export function applyModel(model: tf.LayersModel, x: Batch, training: boolean): Batch {
  const inputs = inputsFor(model, x);
  const apply = (batch: tf.Tensor[]): tf.Tensor[] =>
    [model.apply(batch.length === 1 ? (batch[0] ?? []) : batch, { training })].flat() as tf.Tensor[];
  const size = fixedBatch(model);
  const rows = inputs[0]?.shape[0] ?? 0;
  const outputs = size === undefined || rows === size ? apply(inputs) : inBatches(inputs, rows, size, apply);
  const [only] = outputs;
  if (only !== undefined && outputs.length === 1) return only;
  return Object.fromEntries(model.outputNames.map((name, index) => [name, outputs[index]])) as Batch;
}

/** In the order of the model's inputs, of the type that each declares. */
export function inputsFor(model: tf.LayersModel, x: Batch): tf.Tensor[] {
  return model.inputs.map(({ dtype }, index) => {
    const tensor = answerOf(x, model.inputNames[index] ?? '');
    return tensor.dtype === 'int32' && dtype === 'float32' ? tf.cast(tensor, 'float32') : tensor;
  });
}

function inBatches(
  inputs: readonly tf.Tensor[],
  rows: number,
  size: number,
  apply: (batch: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor[] {
  const outputs: tf.Tensor[][] = [];
  for (let from = 0; from < rows; from += size) {
    const taken = Int32Array.from({ length: size }, (_, i) => (from + i < rows ? from + i : (from + i) % rows));
    const output = apply(inputs.map((x) => tf.gather(x, tf.tensor1d(taken, 'int32'))));
    outputs.push(output.map((tensor) => (from + size <= rows ? tensor : tf.slice(tensor, 0, rows - from))));
  }
  return (outputs[0] ?? []).map((_, index) => tf.concat(outputs.map((batch) => batch[index]) as tf.Tensor[], 0));
}
