/** Gives the random numbers that tfjs makes in a step their values: those that the graph would draw. */
import type * as tf from '@tensorflow/tfjs';
import type { TypedArray } from '../engine/tfjs';
import { drawEagerly, RANDOM_SCOPES, recognize, type Draw, type DrawSource } from './randomness';

/** What the random numbers of a step follow from, beside their place in it. */
export interface DrawKeys {
  readonly seed: number;
  readonly step: number;
}

export class Draws {
  /** In the order in which the step made them. */
  readonly all: Draw[] = [];
  private readonly values = new Map<TypedArray, Draw>();
  private lastSeed: { readonly value: number; readonly scope: string } | undefined;
  private seedState: number;

  constructor(
    private readonly source: DrawSource,
    private readonly keys: DrawKeys,
    /** Told of random numbers whose distribution is not known; they keep their values. */
    private readonly unknown: (source: string) => void = () => undefined,
  ) {
    this.seedState = (keys.seed ^ Math.imul(keys.step + 1, 0x9e3779b1)) | 0;
  }

  /** The draw that made these values. */
  of(values: TypedArray): Draw | undefined {
    return this.values.get(values);
  }

  /** The answer to Math.random. Only its being known matters: what tfjs makes from it is replaced. */
  seedFor(scope: string): number | undefined {
    if (!RANDOM_SCOPES.has(scope)) {
      this.unknown(sourceOf(scope));
      return undefined;
    }
    this.seedState = (Math.imul(this.seedState, 1664525) + 1013904223) | 0;
    const value = ((this.seedState >>> 8) + 0.5) / 2 ** 24;
    this.lastSeed = { value, scope };
    return value;
  }

  /** A scope of tfjs ends with this result: if it made random numbers, they become the graph's. */
  noteScope(scope: string, result: tf.Tensor | null): void {
    const kind = RANDOM_SCOPES.get(scope);
    if (kind === undefined) return;
    const seed = this.lastSeed;
    this.lastSeed = undefined;
    // Without a draw from Math.random the caller gave a seed: the same values each step, in eager mode too.
    if (seed?.scope !== scope || result === null) return;
    const values = this.source.valuesOf(result);
    const shape = result.shape.slice();
    const floats = values instanceof Float32Array ? values : undefined;
    const draw = floats && recognize(kind, seed.value, floats, shape, this.all.length);
    if (floats === undefined || draw === undefined) {
      this.unknown(`${sourceOf(scope)} [${shape.join(', ')}] ${result.dtype}`);
      return;
    }
    this.all.push(draw);
    this.values.set(floats, draw);
    floats.set(drawEagerly(this.source, draw, this.keys.seed, this.keys.step));
  }
}

const sourceOf = (scope: string): string => scope.replace(/__op$/, '') || 'Math.random';
