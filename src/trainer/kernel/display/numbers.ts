/** Numbers for a display. */
import type { Distribution, Float32s, Summary } from '../../../protocol/display';

/** An array, or a typed one. */
export type Numbers = ArrayLike<number> & Iterable<number>;

export type Values = Float32Array | Int32Array | Uint8Array;

export function float32s(values: Numbers): Float32s {
  const floats = Float32Array.from(values);
  return Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength).toString('base64');
}

/** Mean and deviation in float64, the latter of the population, in one pass (Welford 1962). */
export function summaryOf(values: Numbers): Summary {
  let min = Infinity;
  let max = -Infinity;
  let nan = 0;
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    if (Number.isNaN(value)) nan++;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    count++;
    const away = value - mean;
    mean += away / count;
    squares += away * (value - mean);
  }
  const infinite = values.length - count - nan;
  if (count === 0) return { min: null, max: null, mean: null, deviation: null, nan, infinite };
  return { min, max, mean, deviation: Math.sqrt(squares / count), nan, infinite };
}

/** Finite values in equally wide bins from the smallest to the largest. */
export function binned(values: Numbers, bins: number, { min, max }: Pick<Summary, 'min' | 'max'>): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  if (min === null || max === null) return counts;
  const scale = max === min ? 0 : bins / (max - min);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((value - min) * scale)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

const BINS = 40;

export function distributionOf(values: Numbers): Distribution {
  const summary = summaryOf(values);
  return { summary, counts: binned(values, BINS, summary) };
}
