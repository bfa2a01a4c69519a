import * as tf from '@tensorflow/tfjs';

/** Numbers in ±scale that hashed.py makes as well: a 32-bit hash of index and seed. float32 of that shape. */
export function numbers(shape: readonly number[], seed: number, scale: number): tf.Tensor {
  const count = shape.reduce((product, side) => product * side, 1);
  const values = Float32Array.from({ length: count }, (_, i) => {
    let x = (i + seed * 0x9e3779b9) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return (((x ^ (x >>> 16)) >>> 0) / 2 ** 32 - 0.5) * 2 * scale;
  });
  return tf.tensor(values, shape.slice());
}
