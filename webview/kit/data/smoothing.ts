/**
 * Exponential moving average with its start corrected, as TensorBoard draws it:
 *
 *   s_n = w·s_(n-1) + (1 - w)·v_n,   shown_n = s_n / (1 - w^n),   s_0 = 0
 *
 * Values that are not finite are passed on and leave the average as it was. Each new value costs the same.
 *
 * Of a series that was thinned, a value stands for the n points since the one before it. Then v is their mean, and w is
 * raised to n: where n is more than the average reaches back over, the curve is smoother than asked for, but never off.
 */
import { Column } from './column';

export interface SmoothingSource {
  readonly values: Column;
  /** Mean of the points that a value stands for. */
  readonly means: Column;
  /** How many points there are up to each value, with it. */
  readonly counted: Column;
}

export class Smoothing {
  readonly values = new Column();
  readonly #source: SmoothingSource;
  readonly #weight: number;
  #average = 0;
  /** w^n, the share of the average that is still the zero it began with. */
  #bias = 1;

  /** `weight` in [0, 1): 0 leaves the values as they are. */
  constructor(source: SmoothingSource, weight: number) {
    this.#source = source;
    this.#weight = weight;
  }

  get weight(): number {
    return this.#weight;
  }

  /** After the source was thinned. */
  restart(): void {
    this.values.clear();
    this.#average = 0;
    this.#bias = 1;
    this.update();
  }

  update(): void {
    const { values, means, counted } = this.#source;
    const done = this.values.length;
    const shown = values.flat().slice(done);
    const each = means.flat().subarray(done);
    const numbers = counted.flat().subarray(done);
    let before = done === 0 ? 0 : counted.at(done - 1);
    for (let i = 0; i < shown.length; i++) {
      const mean = each[i] ?? NaN;
      const upTo = numbers[i] ?? NaN;
      if (Number.isFinite(mean)) {
        const weight = upTo - before === 1 ? this.#weight : this.#weight ** (upTo - before);
        this.#average = weight * this.#average + (1 - weight) * mean;
        this.#bias *= weight;
      }
      before = upTo;
      if (Number.isFinite(shown[i])) shown[i] = this.#average / (1 - this.#bias);
    }
    this.values.append(shown);
  }
}

/** Over about how many points a weight averages: the mean age of a value is 1 / (1 - w). */
export function smoothingSpan(weight: number): number {
  return Math.round(1 / (1 - weight));
}
