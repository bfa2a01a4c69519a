/**
 * Brings points into the series a slice at a time, so that a snapshot of a million points does not freeze the page:
 * each frame takes what fits into its budget, in the order of arrival.
 */
import type { Columns } from '../../../src/protocol/panel';
import type { RunSeries } from './series';

/** Points between two looks at the clock. */
const SLICE = 4096;

interface Job {
  readonly series: RunSeries;
  readonly columns: Columns;
  done: number;
}

export class Ingest {
  readonly #queue: Job[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get pending(): boolean {
    return this.#queue.length > 0;
  }

  add(series: RunSeries, columns: readonly Columns[]): void {
    for (const part of columns) if (part.length > 0) this.#queue.push({ series, columns: part, done: 0 });
  }

  /** Forgets what is waiting for a series that is no longer shown. */
  drop(series: RunSeries): void {
    for (let i = this.#queue.length - 1; i >= 0; i--) {
      if (this.#queue[i]?.series === series) this.#queue.splice(i, 1);
    }
  }

  /** Works until the queue is empty or the budget is used up. Returns the number of points taken. */
  run(budgetMilliseconds: number): number {
    const end = this.#now() + budgetMilliseconds;
    let taken = 0;
    let job = this.#queue[0];
    while (job !== undefined) {
      const to = Math.min(job.columns.length, job.done + SLICE);
      job.series[job.columns.kind].append(job.columns, job.done, to);
      taken += to - job.done;
      job.done = to;
      if (job.done >= job.columns.length) {
        this.#queue.shift();
        job = this.#queue[0];
      }
      if (this.#now() >= end) break;
    }
    return taken;
  }
}
