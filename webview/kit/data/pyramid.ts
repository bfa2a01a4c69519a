/**
 * Where the smallest and largest values of any stretch of a column are, in logarithmic time.
 *
 * Level k keeps, for every complete block of 16^k values, its minimum and its maximum and the index of each. Building is
 * incremental: each new value is looked at once, each complete block once more. It costs 1.6 bytes a value, and no more
 * than twice that while it grows.
 */
import type { Column } from './column';

const BITS = 4;
const FAN = 1 << BITS;
/** Index of a block without finite values. */
const NONE = 0xffffffff;

class Level {
  minimumAt = new Uint32Array(16);
  maximumAt = new Uint32Array(16);
  minimum = new Float64Array(16);
  maximum = new Float64Array(16);
  length = 0;

  get bytes(): number {
    return 2 * (this.minimumAt.byteLength + this.minimum.byteLength);
  }

  push(minimumAt: number, minimum: number, maximumAt: number, maximum: number): void {
    const i = this.length++;
    if (i === this.minimum.length) this.#grow();
    this.minimumAt[i] = minimumAt;
    this.maximumAt[i] = maximumAt;
    this.minimum[i] = minimum;
    this.maximum[i] = maximum;
  }

  #grow(): void {
    const size = this.minimum.length * 2;
    const { minimumAt, maximumAt, minimum, maximum } = this;
    this.minimumAt = new Uint32Array(size);
    this.maximumAt = new Uint32Array(size);
    this.minimum = new Float64Array(size);
    this.maximum = new Float64Array(size);
    this.minimumAt.set(minimumAt);
    this.maximumAt.set(maximumAt);
    this.minimum.set(minimum);
    this.maximum.set(maximum);
  }
}

/** Indices of the extremes; `minimum` is -1 when the stretch holds no finite value. */
export interface Extremes {
  readonly minimum: number;
  readonly maximum: number;
}

export class Pyramid {
  readonly #values: Column;
  readonly #levels: Level[] = [];
  // The extremes of the search that is under way.
  #minimumAt = -1;
  #maximumAt = -1;
  #minimum = Infinity;
  #maximum = -Infinity;

  constructor(values: Column) {
    this.#values = values;
  }

  get bytes(): number {
    return this.#levels.reduce((sum, level) => sum + level.bytes, 0);
  }

  /** After the column was thinned. */
  rebuild(): void {
    this.#levels.length = 0;
    this.update();
  }

  /** Takes in what was appended to the column since the last call. */
  update(): void {
    for (let k = 0; ; k++) {
      const below = k === 0 ? this.#values.length : (this.#levels[k - 1]?.length ?? 0);
      const complete = below >>> BITS;
      if (complete === 0) return;
      const level = (this.#levels[k] ??= new Level());
      while (level.length < complete) {
        this.#begin();
        const first = level.length << BITS;
        this.#search(k, first, first + FAN);
        const empty = this.#minimumAt < 0;
        level.push(empty ? NONE : this.#minimumAt, this.#minimum, empty ? NONE : this.#maximumAt, this.#maximum);
      }
    }
  }

  /** Extremes of the finite values in [from, to); of equals the first. */
  extremes(from: number, to: number): Extremes {
    this.#begin();
    let low = from;
    let high = Math.min(to, this.#values.length);
    for (let k = 0; low < high; k++) {
      const above = this.#levels[k];
      const first = (low + FAN - 1) >>> BITS;
      const last = Math.min(high >>> BITS, above?.length ?? 0);
      if (first >= last) {
        this.#search(k, low, high);
        break;
      }
      this.#search(k, low, first << BITS);
      this.#search(k, last << BITS, high);
      low = first;
      high = last;
    }
    return { minimum: this.#minimumAt, maximum: this.#maximumAt };
  }

  #begin(): void {
    this.#minimumAt = -1;
    this.#maximumAt = -1;
    this.#minimum = Infinity;
    this.#maximum = -Infinity;
  }

  /** Looks at the entries [from, to) of level `k`; level 0 is the column itself. */
  #search(k: number, from: number, to: number): void {
    const level = k === 0 ? undefined : this.#levels[k - 1];
    for (let i = from; i < to; i++) {
      if (level === undefined) {
        const value = this.#values.at(i);
        if (Number.isFinite(value)) this.#take(i, value, i, value);
      } else if (level.minimumAt[i] !== NONE) {
        this.#take(
          level.minimumAt[i] ?? NONE,
          level.minimum[i] ?? NaN,
          level.maximumAt[i] ?? NONE,
          level.maximum[i] ?? NaN,
        );
      }
    }
  }

  #take(minimumAt: number, minimum: number, maximumAt: number, maximum: number): void {
    if (minimum < this.#minimum || (minimum === this.#minimum && minimumAt < this.#minimumAt)) {
      this.#minimum = minimum;
      this.#minimumAt = minimumAt;
    }
    if (maximum > this.#maximum || (maximum === this.#maximum && maximumAt < this.#maximumAt)) {
      this.#maximum = maximum;
      this.#maximumAt = maximumAt;
    }
  }
}
