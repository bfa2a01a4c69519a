/**
 * Collects points and says when they are due: the first at once, and then as often as a run is told about. They go to
 * the disk first, then to the clients.
 * No point is lost: what is pending is flushed before every change of state and at the end.
 */
import { availableParallelism } from 'node:os';
import { newsInterval } from '../../protocol/pace';
import type { Point } from '../../protocol/run';

const PROCESSORS = availableParallelism();

export class PointSink {
  private pending: Point[] = [];
  private timer: NodeJS.Timeout | undefined;
  private nextFlush = 0;
  private firstFlush: number | undefined;

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

  add(point: Point): void {
    this.pending.push(point);
    this.timer ??= setTimeout(this.due, Math.max(0, this.nextFlush - Date.now()));
  }

  /** @throws what `write` throws; the points stay pending then. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.pending.length === 0) return;
    const now = Date.now();
    this.firstFlush ??= now;
    this.nextFlush = now + newsInterval(PROCESSORS, now - this.firstFlush);
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
