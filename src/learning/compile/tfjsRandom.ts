/**
 * The random generators inside tfjs-core, which it does not export: Alea, of the same seedrandom that it uses, and
 * Marsaglia's polar method over it. Needed to know what a draw would have been with offset 0 and scale 1.
 */
import { alea } from 'seedrandom';

/** Uniform in [0, 1), from the seed of a draw. */
export function uniform(seed: number): () => number {
  return alea(String(seed));
}

/** Standard normal; with `truncated`, values beyond two standard deviations are drawn again. */
export function polarGaussian(uniform: () => number, truncated: boolean): () => number {
  let waiting: number | undefined;
  const valid = (value: number): boolean => !truncated || (value <= 2 && value >= -2);
  return () => {
    if (waiting !== undefined) {
      const value = waiting;
      waiting = undefined;
      return value;
    }
    for (;;) {
      let v1: number;
      let v2: number;
      let s: number;
      do {
        v1 = 2 * uniform() - 1;
        v2 = 2 * uniform() - 1;
        s = v1 * v1 + v2 * v2;
      } while (s >= 1 || s === 0);
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      const first = v1 * factor;
      const second = v2 * factor;
      if (!valid(first)) continue;
      if (valid(second)) waiting = second;
      return first;
    }
  };
}
