/**
 * The random generators inside tfjs-core, which it does not export: Johannes Baagøe's Alea (as in seedrandom) and
 * Marsaglia's polar method over it. Needed to know what a draw would have been with offset 0 and scale 1.
 */

const TWO_TO_MINUS_32 = 2.3283064365386963e-10;

/** Uniform in [0, 1), from a seed text. */
export function alea(seed: string): () => number {
  const mash = makeMash();
  let carry = 1;
  let [s0, s1, s2] = [mash(' '), mash(' '), mash(' ')];
  const mix = (state: number): number => {
    const mixed = state - mash(seed);
    return mixed < 0 ? mixed + 1 : mixed;
  };
  s0 = mix(s0);
  s1 = mix(s1);
  s2 = mix(s2);
  return () => {
    const t = 2091639 * s0 + carry * TWO_TO_MINUS_32;
    s0 = s1;
    s1 = s2;
    carry = t | 0;
    s2 = t - carry;
    return s2;
  };
}

function makeMash(): (data: string) => number {
  let n = 0xefc8249d;
  return (data) => {
    for (let i = 0; i < data.length; i++) {
      n += data.charCodeAt(i);
      let h = 0.02519603282416938 * n;
      n = h >>> 0;
      h -= n;
      h *= n;
      n = h >>> 0;
      h -= n;
      n += h * 0x100000000;
    }
    return (n >>> 0) * TWO_TO_MINUS_32;
  };
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
