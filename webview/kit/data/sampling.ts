/**
 * Reduces a series to what a chart of a given width can show. The range of x is cut into as many windows as there are
 * columns of pixels; of each window its smallest and largest value are kept, so that no peak is lost.
 */
import type { Column } from './column';
import type { Pyramid } from './pyramid';

export interface Sample {
  x: number;
  y: number;
}

/**
 * The samples a chart draws. The objects are reused from one drawing to the next. The list alternates between two:
 * Chart.js overrides the methods of a list that it shows, and each push would make it look through all its elements.
 */
export class Samples {
  readonly #lists: readonly [Sample[], Sample[]] = [[], []];
  readonly #pool: Sample[] = [];
  #current: 0 | 1 = 0;

  get list(): Sample[] {
    return this.#lists[this.#current];
  }

  /** Begins anew, in the other list. */
  clear(): void {
    this.#current = this.#current === 0 ? 1 : 0;
    this.list.length = 0;
  }

  push(x: number, y: number): void {
    const { list } = this;
    const sample = (this.#pool[list.length] ??= { x: 0, y: 0 });
    sample.x = x;
    sample.y = y;
    list.push(sample);
  }
}

export interface Window {
  readonly from: number;
  readonly to: number;
  /** Most windows to cut [from, to] into: at most two samples of each are drawn. */
  readonly columns: number;
}

/**
 * Fills `into` from a series: `x` never falls, `pyramid` belongs to `y`. Missing values are left out.
 * With `positive`, values that have no logarithm are left out as well.
 */
export function sample(x: Column, y: Column, pyramid: Pyramid, window: Window, into: Samples, positive = false): void {
  into.clear();
  const count = Math.min(x.length, y.length);
  const push = (index: number): void => {
    const value = y.at(index);
    if (Number.isFinite(value) && (!positive || value > 0)) into.push(x.at(index), value);
  };
  if (count <= window.columns * 2) {
    for (let i = 0; i < count; i++) push(i);
    return;
  }
  const width = (window.to - window.from) / window.columns;
  let low = 0;
  for (let column = 1; column <= window.columns && low < count; column++) {
    const high = column === window.columns ? count : Math.min(count, x.lowerBound(window.from + column * width, low));
    if (high === low) continue;
    const { minimum, maximum } = pyramid.extremes(low, high);
    low = high;
    if (minimum < 0) continue;
    push(Math.min(minimum, maximum));
    if (minimum !== maximum) push(Math.max(minimum, maximum));
  }
}
