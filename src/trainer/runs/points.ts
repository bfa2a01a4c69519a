/**
 * Collects points and hands them on, the first at once and then ten times a second: first to the disk, then to the
 * clients.
 * No point is lost: what is pending is flushed before every change of state and at the end.
 */
import type { Point } from '../../protocol/run';

const INTERVAL_MS = 100;

export class PointSink {
  private pending: Point[] = [];
  private timer: NodeJS.Timeout | undefined;
  private nextFlush = 0;

  /** @param written index of the next point */
  constructor(
    private written: number,
    private readonly write: (points: readonly Point[]) => void,
    private readonly announce: (from: number, points: readonly Point[]) => void,
    /** A failed write from the timer has nobody to throw to. */
    private readonly onFailure: (error: unknown) => void,
  ) {}

  get count(): number {
    return this.written + this.pending.length;
  }

  add(point: Point): void {
    this.pending.push(point);
    this.timer ??= setTimeout(
      () => {
        try {
          this.flush();
        } catch (error) {
          this.onFailure(error);
        }
      },
      Math.max(0, this.nextFlush - Date.now()),
    );
  }

  /** @throws what `write` throws; the points stay pending then. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.nextFlush = Date.now() + INTERVAL_MS;
    if (this.pending.length === 0) return;
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
