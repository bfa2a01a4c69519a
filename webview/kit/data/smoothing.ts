/**
 * Exponential moving average with its start corrected, as TensorBoard draws it:
 *
 *   s_n = w·s_(n-1) + (1 - w)·v_n,   shown_n = s_n / (1 - w^n),   s_0 = 0
 *
 * Values that are not finite are passed on and leave the average as it was. Each new value costs the same.
 */
import { Column } from './column';

export class Smoothing {
  readonly values = new Column();
  readonly #source: Column;
  readonly #weight: number;
  #average = 0;
  /** w^n, the share of the average that is still the zero it began with. */
  #bias = 1;

  /** `weight` in [0, 1): 0 leaves the values as they are. */
  constructor(source: Column, weight: number) {
    this.#source = source;
    this.#weight = weight;
  }

  get weight(): number {
    return this.#weight;
  }

  update(): void {
    for (let i = this.values.length; i < this.#source.length; i++) {
      const value = this.#source.at(i);
      if (!Number.isFinite(value)) {
        this.values.push(value);
        continue;
      }
      this.#average = this.#weight * this.#average + (1 - this.#weight) * value;
      this.#bias *= this.#weight;
      this.values.push(this.#average / (1 - this.#bias));
    }
  }
}

/** Over about how many points a weight averages: the mean age of a value is 1 / (1 - w). */
export function smoothingSpan(weight: number): number {
  return Math.round(1 / (1 - weight));
}
