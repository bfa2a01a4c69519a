import * as tf from '@tensorflow/tfjs';

/** Rows that the model takes at a time, where it was built for one number: by `batchInputShape`. */
export function fixedBatch(model: tf.LayersModel): number | undefined {
  return model.inputs[0]?.shape[0] ?? undefined;
}

/**
 * The model's output for any number of rows: [rows, …] of x [rows, …inputShape]. A model built for a fixed number gets
 * them in such batches, in order; the last is filled up with rows from the front, whose outputs are dropped.
 */
export function applyModel(model: tf.LayersModel, x: tf.Tensor, training: boolean): tf.Tensor {
  const apply = (batch: tf.Tensor): tf.Tensor => model.apply(batch, { training }) as tf.Tensor;
  const size = fixedBatch(model);
  const [rows = 0] = x.shape;
  if (size === undefined || rows === size) return apply(x);
  const outputs: tf.Tensor[] = [];
  for (let from = 0; from < rows; from += size) {
    const taken = Int32Array.from({ length: size }, (_, i) => (from + i < rows ? from + i : (from + i) % rows));
    const output = apply(tf.gather(x, tf.tensor1d(taken, 'int32')));
    outputs.push(from + size <= rows ? output : tf.slice(output, 0, rows - from));
  }
  return tf.concat(outputs, 0);
}
