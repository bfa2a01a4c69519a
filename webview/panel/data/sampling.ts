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

/** The arrays a chart draws; its samples are reused from one drawing to the next. */
export class Samples {
  readonly list: Sample[] = [];
  readonly #pool: Sample[] = [];

  clear(): void {
    this.list.length = 0;
  }

  push(x: number, y: number): void {
    const n = this.list.length;
    const sample = (this.#pool[n] ??= { x: 0, y: 0 });
    sample.x = x;
    sample.y = y;
    this.list.push(sample);
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
