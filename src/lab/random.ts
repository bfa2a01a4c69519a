/**
 * A small random generator whose state can be saved: sfc32 (Chris Doty-Humphrey, PractRand), seeded by splitmix32.
 * Period at least 2^32, passes PractRand; not for secrets.
 */
export interface Random {
  /** A number in [0, 1), a multiple of 2^-32. */
  next(): number;
  /** Four unsigned 32-bit words; `restore` continues from them exactly. */
  state(): number[];
  restore(state: readonly number[]): void;
}

/** Numbers that the seed drops at the start, so that similar seeds do not begin alike. */
const WARM_UP = 12;

/** The same seed gives the same numbers on every machine. Any finite number is a seed; its integer part counts. */
export function createRandom(seed: number): Random {
  const mix = splitmix32(seed);
  let [a, b, c, counter] = [mix(), mix(), mix(), 1];

  const nextWord = (): number => {
    const result = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + result) >>> 0;
    return result;
  };
  for (let i = 0; i < WARM_UP; i++) nextWord();

  return {
    next: () => nextWord() / 2 ** 32,
    state: () => [a, b, c, counter],
    restore: (state) => {
      const [newA, newB, newC, newCounter] = state;
      const whole = state.length === 4 && state.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32);
      if (!whole || newA === undefined || newB === undefined || newC === undefined || newCounter === undefined) {
        throw new RangeError(`A random state is four unsigned 32-bit words, found [${state.join(', ')}].`);
      }
      [a, b, c, counter] = [newA, newB, newC, newCounter];
    },
  };
}

/** A draw from the normal distribution with mean 0 and standard deviation 1 (Box and Muller 1958). */
export function normal(random: Random): number {
  const u = 1 - random.next(); // in (0, 1]: its logarithm is finite
  const v = random.next();
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}

/** An integer in [0, limit). */
export function integer(random: Random, limit: number): number {
  return Math.floor(random.next() * limit);
}

/** Shuffles in place, every order equally likely (Fisher and Yates), and returns its argument. */
export function shuffle<T extends { length: number; [index: number]: unknown }>(random: Random, items: T): T {
  const list: Record<number, unknown> = items;
  for (let i = items.length - 1; i > 0; i--) {
    const j = integer(random, i + 1);
    const held = list[i];
    list[i] = list[j];
    list[j] = held;
  }
  return items;
}

/** splitmix32: turns any seed, also 0, into well mixed words. */
function splitmix32(seed: number): () => number {
  const whole = Math.trunc(seed);
  let state = ((whole | 0) + Math.imul(Math.floor(whole / 2 ** 32), 0x85ebca6b)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}
