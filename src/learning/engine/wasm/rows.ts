/**
 * Rows of a split in the memory of WebAssembly. tfjs has no type for bytes, but keeps truth values as such: held bytes are
 * called that, and only `rowsOf` may look at them.
 */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend } from './internals';

const ROWS_OF_BYTES = 'LabRowsOfBytes';

/** Bytes as float32 in 0..1, rounded as a division rounds. */
const SCALED = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

export function hold(values: Uint8Array | Float32Array | Int32Array, shape: readonly number[]): tf.Tensor {
  if (values instanceof Uint8Array) return tf.tensor(values, [...shape], 'bool');
  return tf.tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32');
}

/** tf.gather, but for bytes too, which come out as float32 in 0..1. */
export function rowsOf(held: tf.Tensor, rows: tf.Tensor): tf.Tensor {
  if (held.dtype !== 'bool') return tf.gather(held, rows);
  return tf.engine().runKernel(ROWS_OF_BYTES, { held, rows });
}

/** @throws RangeError for a row that is not there */
export const rowsOfBytes: tf.KernelConfig = {
  kernelName: ROWS_OF_BYTES,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend: given }) => {
    const backend = wasmBackend(given);
    const { held, rows } = inputs as { held: tf.TensorInfo; rows: tf.TensorInfo };
    const [count = 0, ...inner] = held.shape;
    for (const row of backend.typedArrayFromHeap(rows))
      if (row < 0 || row >= count) throw new RangeError(`Row ${row} of ${count} was asked for.`);
    const made = backend.makeOutput([...rows.shape, ...inner], 'float32');
    // Views of the memory are made after the output, for which it may have grown.
    const bytes = backend.typedArrayFromHeap(held);
    const places = backend.typedArrayFromHeap(rows);
    const out = backend.typedArrayFromHeap(made);
    const width = inner.reduce((product, side) => product * side, 1);
    let to = 0;
    for (const row of places) {
      const end = (row + 1) * width;
      for (let from = row * width; from < end; from++) out[to++] = SCALED[bytes[from] ?? 0] ?? 0;
    }
    return made;
  },
};
