import { availableParallelism } from 'node:os';
import { newsInterval } from '../protocol/pace';

const PROCESSORS = availableParallelism();

/** When news of a run is due. The run's age counts from the first. */
export class NewsClock {
  private first: number | undefined;
  /** In milliseconds, as `now` is. */
  next = Number.NEGATIVE_INFINITY;

  told(now: number): void {
    this.first ??= now;
    this.next = now + newsInterval(PROCESSORS, now - this.first);
  }
}
