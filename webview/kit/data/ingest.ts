/**
 * Brings points into the series a slice at a time, so that a snapshot of a million points does not freeze the page:
 * each frame takes what fits into its budget, in the order of arrival.
 */
import type { Columns } from '../../../src/protocol/panel';
import type { RunSeries } from './series';

/** Points between two looks at the clock. */
const SLICE = 4096;
/** Points that wait for a frame at most: a page that nobody sees has none, and takes them in as they come. */
const MOST_WAITING = 200_000;

interface Job {
  readonly series: RunSeries;
  readonly columns: Columns;
  done: number;
}

export class Ingest {
  readonly #queue: Job[] = [];
  readonly #now: () => number;
  #waiting = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get pending(): boolean {
    return this.#queue.length > 0;
  }

  add(series: RunSeries, columns: readonly Columns[]): void {
    for (const part of columns) {
      if (part.length === 0) continue;
      this.#queue.push({ series, columns: part, done: 0 });
      this.#waiting += part.length;
    }
    while (this.#waiting > MOST_WAITING) this.#take();
  }

  /** Forgets what is waiting for a series that is no longer shown. */
  drop(series: RunSeries): void {
    for (let i = this.#queue.length - 1; i >= 0; i--) {
      const job = this.#queue[i];
      if (job?.series !== series) continue;
      this.#queue.splice(i, 1);
      this.#waiting -= job.columns.length - job.done;
    }
  }

  /** Works until the queue is empty or the budget is used up. Returns the number of points taken. */
  run(budgetMilliseconds: number): number {
    const end = this.#now() + budgetMilliseconds;
    let taken = 0;
    while (this.pending) {
      taken += this.#take();
      if (this.#now() >= end) break;
    }
    return taken;
  }

  /** Takes a slice of what has waited longest. */
  #take(): number {
    const job = this.#queue[0];
    if (job === undefined) return 0;
    const { series, columns, done } = job;
    job.done = Math.min(columns.length, done + SLICE);
    series[columns.kind].append(columns, done, job.done);
    if (job.done === columns.length) this.#queue.shift();
    this.#waiting -= job.done - done;
    return job.done - done;
  }
}
