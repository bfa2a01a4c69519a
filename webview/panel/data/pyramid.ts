/**
 * Where the smallest and largest values of any stretch of a column are, in logarithmic time.
 *
 * Level k keeps, for every complete block of 16^k values, the index of its minimum and of its maximum. Building is
 * incremental: each new value is looked at once, each complete block once more. It costs about half a byte a value.
 */
import type { Column } from './column';

const BITS = 4;
const FAN = 1 << BITS;
const NONE = 0xffffffff;

class Level {
  minimum = new Uint32Array(16);
  maximum = new Uint32Array(16);
  length = 0;

  push(minimum: number, maximum: number): void {
    if (this.length === this.minimum.length) {
      this.minimum = grown(this.minimum);
      this.maximum = grown(this.maximum);
    }
    this.minimum[this.length] = minimum;
    this.maximum[this.length] = maximum;
    this.length++;
  }
}

/** Indices of the extremes; `minimum` is -1 when the stretch holds no finite value. */
export interface Extremes {
  minimum: number;
  maximum: number;
}

export class Pyramid {
  readonly #values: Column;
  readonly #levels: Level[] = [];
  readonly #found: Extremes = { minimum: -1, maximum: -1 };

  constructor(values: Column) {
    this.#values = values;
  }

  get bytes(): number {
    return this.#levels.reduce((sum, level) => sum + level.minimum.byteLength * 2, 0);
  }

  /** Takes in what was appended to the column since the last call. */
  update(): void {
    for (let k = 0; ; k++) {
      const below = k === 0 ? this.#values.length : (this.#levels[k - 1]?.length ?? 0);
      const complete = below >>> BITS;
      if (complete === 0) return;
      const level = (this.#levels[k] ??= new Level());
      while (level.length < complete) {
        this.#reset();
        const first = level.length << BITS;
        for (let i = first; i < first + FAN; i++) this.#look(k, i);
        const { minimum, maximum } = this.#found;
        level.push(minimum < 0 ? NONE : minimum, maximum < 0 ? NONE : maximum);
      }
    }
  }

  /** Extremes of the finite values in [from, to). The answer is reused by the next call. */
  extremes(from: number, to: number): Extremes {
    this.#reset();
    let low = from;
    let high = Math.min(to, this.#values.length);
    for (let k = 0; low < high; k++) {
      const above = this.#levels[k];
      const first = (low + FAN - 1) >>> BITS;
      const last = Math.min(high >>> BITS, above?.length ?? 0);
      if (first >= last) {
        for (let i = low; i < high; i++) this.#look(k, i);
        break;
      }
      for (let i = low; i < first << BITS; i++) this.#look(k, i);
      for (let i = last << BITS; i < high; i++) this.#look(k, i);
      low = first;
      high = last;
    }
    return this.#found;
  }

  #reset(): void {
    this.#found.minimum = -1;
    this.#found.maximum = -1;
  }

  /** Compares entry `i` of level `k` (0 is the column itself) with the extremes so far; ties go to the earlier index. */
  #look(k: number, i: number): void {
    const level = k === 0 ? undefined : this.#levels[k - 1];
    const lower = level === undefined ? i : (level.minimum[i] ?? NONE);
    if (lower === NONE) return;
    const upper = level === undefined ? i : (level.maximum[i] ?? NONE);
    const found = this.#found;
    const least = this.#values.at(lower);
    const most = this.#values.at(upper);
    if (!Number.isFinite(least) || !Number.isFinite(most)) return;
    if (found.minimum < 0) {
      found.minimum = lower;
      found.maximum = upper;
      return;
    }
    const smallest = this.#values.at(found.minimum);
    const largest = this.#values.at(found.maximum);
    if (least < smallest || (least === smallest && lower < found.minimum)) found.minimum = lower;
    if (most > largest || (most === largest && upper < found.maximum)) found.maximum = upper;
  }
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}
