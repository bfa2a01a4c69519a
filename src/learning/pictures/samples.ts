/** Shortens tensors to what a picture shows of them. */
import type * as tf from '@tensorflow/tfjs';
import type { TensorSample } from '../../protocol/pictures';

export type Numbers = Float32Array | Int32Array | Uint8Array;

const STRIP = 1024;
const PICKED = 8;

/** The values of a tensor; none for strings and complex numbers. */
export function numbersOf(tensor: tf.Tensor): Numbers {
  return tensor.dtype === 'string' || tensor.dtype === 'complex64'
    ? new Float32Array(0)
    : tensor.dataSync<'float32' | 'int32' | 'bool'>();
}

/** Flat indices of the elements of largest magnitude, in the order of the tensor. */
export function strongest(values: Numbers): number[] {
  const magnitude = (index: number): number => Math.abs(values[index] ?? 0);
  const found: number[] = [];
  for (let index = 0; index < values.length; index++) {
    if (found.length === PICKED && magnitude(index) <= magnitude(found.at(-1) ?? 0)) continue;
    const place = found.findIndex((other) => magnitude(other) < magnitude(index));
    found.splice(place === -1 ? found.length : place, 0, index);
    if (found.length > PICKED) found.pop();
  }
  return found.sort((a, b) => a - b);
}

export function sample(values: Numbers, picked: readonly number[]): TensorSample {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  const length = Math.min(values.length, STRIP);
  const strip = Float32Array.from({ length }, (_, i) => values[Math.floor((i * values.length) / length)] ?? Number.NaN);
  return {
    min: finite(min),
    max: finite(max),
    mean: finite(sum / values.length),
    strip: Buffer.from(strip.buffer).toString('base64'),
    picked: picked.map((index) => finite(values[index] ?? Number.NaN)),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
