/**
 * TensorFlow's stateless random numbers in JavaScript, to the bit where they are uniform, so that an engine without
 * TensorFlow draws what it would. Philox 4x32-10: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011, figure 2;
 * key, counter and distributions as TensorFlow's StatelessRandomUniform, …Normal and StatelessTruncatedNormal.
 */
import type { Draw } from './randomness';

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;
/** The key with which TensorFlow stirs a seed. */
const STIRRING = [0x3ec8f720, 0x02461e29] as const;

/** Beyond so many standard deviations a truncated number is drawn again. */
const CUT = 2;
/** Blocks of four numbers that TensorFlow reserves for four truncated ones. */
const RESERVED = 256;

/** Four random uint32 of each counter, which counts up by one. */
class Philox {
  readonly block = new Uint32Array(4);
  private next = 4;

  /** @param counter four uint32, the lowest first */
  constructor(
    private readonly key: readonly [number, number],
    private readonly counter: Uint32Array,
  ) {}

  number(): number {
    if (this.next === 4) this.advance();
    return this.block[this.next++] ?? 0;
  }

  /** Leaves out so many blocks. */
  skip(blocks: number): void {
    const { counter } = this;
    let carry = blocks;
    for (let i = 0; i < 4 && carry > 0; i++) {
      const sum = (counter[i] ?? 0) + carry;
      counter[i] = sum;
      carry = Math.floor(sum / 2 ** 32);
    }
    this.next = 4;
  }

  private advance(): void {
    let [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = this.counter;
    let [k0, k1] = this.key;
    for (let round = 0; round < 10; round++) {
      const [high0, high1] = [highProduct(MULTIPLIERS[0], c0), highProduct(MULTIPLIERS[1], c2)];
      const [low0, low1] = [Math.imul(MULTIPLIERS[0], c0), Math.imul(MULTIPLIERS[1], c2)];
      [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1 >>> 0, (high0 ^ c3 ^ k1) >>> 0, low0 >>> 0];
      k0 = (k0 + WEYL[0]) >>> 0;
      k1 = (k1 + WEYL[1]) >>> 0;
    }
    const { block, counter } = this;
    block[0] = c0;
    block[1] = c1;
    block[2] = c2;
    block[3] = c3;
    for (let i = 0; i < 4; i++) {
      const one = ((counter[i] ?? 0) + 1) >>> 0;
      counter[i] = one;
      if (one !== 0) break;
    }
    this.next = 0;
  }
}

/** The upper 32 bits of a product of two uint32. */
function highProduct(a: number, b: number): number {
  const [aHigh, aLow, bHigh, bLow] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(((middle % 65536) + aLow * bHigh) / 65536)) >>> 0;
}

/** @param seeds two int32 */
function seeded(seeds: readonly [number, number]): Philox {
  const counter = Uint32Array.from(seeds.flatMap((seed) => [seed, seed < 0 ? -1 : 0]));
  const mixer = new Philox(STIRRING, counter);
  const [k0, k1, c2, c3] = [mixer.number(), mixer.number(), mixer.number(), mixer.number()];
  return new Philox([k0, k1], Uint32Array.of(0, 0, c2, c3));
}

/** In [0, 1), of 23 bits. */
const toUniform = (bits: number): number => (bits & 0x7fffff) / 0x800000;

/** Two standard normal numbers of two random uint32, by Box and Muller in float32. */
function boxMuller(x0: number, x1: number): [number, number] {
  const u = Math.max(toUniform(x0), Math.fround(1e-7));
  const angle = Math.fround(Math.fround(2 * Math.PI) * toUniform(x1));
  const radius = Math.fround(Math.sqrt(Math.fround(-2 * Math.fround(Math.log(u)))));
  return [Math.fround(Math.fround(Math.sin(angle)) * radius), Math.fround(Math.fround(Math.cos(angle)) * radius)];
}

/** `count` numbers of the distribution with offset 0 and scale 1. */
export function stateless(kind: Draw['kind'], count: number, seeds: readonly [number, number]): Float32Array {
  const values = new Float32Array(count);
  const random = seeded(seeds);
  if (kind === 'uniform') for (let i = 0; i < count; i++) values[i] = toUniform(random.number());
  else if (kind === 'normal') {
    for (let i = 0; i < count; i += 2) {
      const [first, second] = boxMuller(random.number(), random.number());
      values[i] = first;
      if (i + 1 < count) values[i + 1] = second;
    }
  } else fillTruncated(values, seeds);
  return values;
}

/** Each four numbers have blocks of their own, of which they take what they need. */
function fillTruncated(values: Float32Array, seeds: readonly [number, number]): void {
  for (let start = 0; start < values.length; start += 4) {
    const random = seeded(seeds);
    random.skip((start / 4) * RESERVED);
    const end = Math.min(start + 4, values.length);
    let next = start;
    while (next < end) {
      for (const value of boxMuller(random.number(), random.number()))
        if (Math.abs(value) < CUT && next < end) values[next++] = value;
    }
  }
}
