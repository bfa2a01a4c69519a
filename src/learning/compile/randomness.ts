/**
 * Random numbers inside a step. tfjs draws them in JavaScript (dropout, noise layers, tf.randomUniform, …), which a graph
 * would freeze. While a step is recorded, `Math.random` is ours, so the seed of each draw is known; from it and the
 * values the draw's distribution is recovered exactly, and the graph gets a stateless random operation of the same
 * distribution, keyed by the run's seed, the draw's place in the step, and the step's number. Recorded eager steps are
 * given those same numbers, so eager and compiled steps can be held against each other.
 */
import type * as tf from '@tensorflow/tfjs';
import { sizeOf, type TypedArray } from '../engine/tfjs';
import { polarGaussian, uniform } from './tfjsRandom';

export interface Draw {
  readonly kind: 'uniform' | 'normal' | 'truncatedNormal';
  /** Values are offset + scale · (uniform in [0, 1), or standard normal). */
  readonly scale: number;
  readonly offset: number;
  readonly shape: readonly number[];
  /** Place among the draws of one step. */
  readonly index: number;
}

/** The scopes tfjs-core opens around its random operations. */
export const RANDOM_SCOPES: ReadonlyMap<string, Draw['kind']> = new Map([
  ['randomUniform__op', 'uniform'],
  ['randomNormal__op', 'normal'],
  ['truncatedNormal__op', 'truncatedNormal'],
]);

/** More values than this add no certainty. */
const EXAMINED = 4096;

/**
 * The draw behind `values`, which tfjs made from the number `seed` that it took from Math.random.
 * @returns undefined when the values do not follow (integers are rounded: their bounds cannot be told)
 */
export function recognize(
  kind: Draw['kind'],
  seed: number,
  values: Float32Array,
  shape: readonly number[],
  index: number,
): Draw | undefined {
  const next = kind === 'uniform' ? uniform(seed) : polarGaussian(uniform(seed), kind === 'truncatedNormal');
  const count = Math.min(values.length, EXAMINED);
  const standard = Float64Array.from({ length: count }, next);
  const examined = values.subarray(0, count);
  const fits = (scale: number, offset: number): boolean =>
    standard.every((u, i) => Math.fround(offset + scale * u) === examined[i]);
  const draw = (scale: number, offset: number): Draw => ({ kind, scale, offset, shape, index });

  if (fits(1, 0)) return draw(1, 0);
  if (count < 2) return undefined;
  let low = 0;
  let high = 0;
  standard.forEach((u, i) => {
    if (u < (standard[low] ?? 0)) low = i;
    if (u > (standard[high] ?? 0)) high = i;
  });
  const at = (array: ArrayLike<number>, i: number): number => array[i] ?? 0;
  const scale = (at(examined, high) - at(examined, low)) / (at(standard, high) - at(standard, low));
  const offset = at(examined, low) - scale * at(standard, low);
  if (!Number.isFinite(scale) || !Number.isFinite(offset)) return undefined;
  for (let digits = 1; digits <= 8; digits++) {
    const rounded = [Number(scale.toPrecision(digits)), Number(offset.toFixed(digits))] as const;
    if (fits(...rounded)) return draw(...rounded);
  }
  const tolerance = 4e-7 * (Math.abs(scale) + Math.abs(offset));
  const close = standard.every((u, i) => Math.abs(offset + scale * u - at(examined, i)) <= tolerance);
  return close ? draw(scale, offset) : undefined;
}

/** The two int32 that key a draw: one from the run and the place in the step, one the step's number. */
export function keyOf(seed: number, index: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) | 0;
}

/** Where the random numbers of tfjs lie, and who draws others in their place. */
export interface DrawSource {
  /** The values of a tensor that was made just now, which may be overwritten; undefined: they are out of reach. */
  valuesOf(tensor: tf.Tensor): TypedArray | undefined;
  /** Numbers of offset 0 and scale 1. */
  standard(draw: Draw, seeds: readonly [number, number]): Float32Array;
}

/** Another backend that somebody has set keeps what tfjs drew. */
export const OUT_OF_REACH: DrawSource = { valuesOf: () => undefined, standard: () => new Float32Array() };

/** The numbers the graph will draw, computed eagerly. */
export function drawEagerly(source: DrawSource, draw: Draw, seed: number, step: number): Float32Array {
  const values = source.standard(draw, [keyOf(seed, draw.index), step]);
  const scale = Math.fround(draw.scale);
  const offset = Math.fround(draw.offset);
  // Rounded as the graph rounds: after the product and after the sum.
  if (scale !== 1 || offset !== 0)
    for (let i = 0; i < sizeOf(draw.shape); i++)
      values[i] = Math.fround(Math.fround((values[i] ?? 0) * scale) + offset);
  return values;
}
