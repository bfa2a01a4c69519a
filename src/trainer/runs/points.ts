/**
 * Collects points and says when they are due: the first at once, and then as often as a run is told about. They go to
 * the disk first, then to the clients.
 * No point is lost: what is pending is flushed before every change of state and at the end.
 */
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { newsInterval } from '../../protocol/pace';
import type { Point } from '../../protocol/run';

const PROCESSORS = availableParallelism();

/** A timer may fire so much too early. */
const TIMER_MS = 1;

export class PointSink {
  private pending: Point[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** When the first points were told, and when the next are due: milliseconds, monotonic. */
  private first: number | undefined;
  private next = Number.NEGATIVE_INFINITY;
  private tellings = 0;

  /**
   * @param written index of the next point
   * @param due called from a timer when points have waited long enough: to be answered by `flush`
   */
  constructor(
    private written: number,
    private readonly write: (points: readonly Point[]) => void,
    private readonly announce: (from: number, points: readonly Point[]) => void,
    private readonly due: () => void,
  ) {}

  get count(): number {
    return this.written + this.pending.length;
  }

  get waiting(): boolean {
    return this.pending.length > 0;
  }

  /** Whether points that come now would be told at once. */
  get isDue(): boolean {
    return performance.now() >= this.next;
  }

  /** How often points were told because it was time. */
  get told(): number {
    return this.tellings;
  }

  add(point: Point): void {
    this.pending.push(point);
    this.timer ??= setTimeout(this.due, Math.max(0, this.next - performance.now()));
  }

  /** @throws what `write` throws; the points stay pending then. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending.length === 0) return;
    const now = performance.now();
    // What is flushed before its time, at the end of a short epoch for instance, puts off nothing.
    if (now >= this.next - TIMER_MS) {
      this.first ??= now;
      this.next = now + newsInterval(PROCESSORS, now - this.first);
      this.tellings++;
    }
    this.write(this.pending);
    const points = this.pending;
    const from = this.written;
    this.pending = [];
    this.written += points.length;
    this.announce(from, points);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
