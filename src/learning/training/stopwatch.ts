/** Seconds of training, pauses left out. The clock is passed in (milliseconds, monotonic). */
export class Stopwatch {
  private accumulated = 0;
  private startedAt: number | undefined;

  constructor(private readonly now: () => number) {}

  /** Goes on where an earlier one stood. */
  startFrom(seconds: number): void {
    this.accumulated = seconds;
  }

  start(): void {
    this.startedAt ??= this.now();
  }

  pause(): void {
    this.accumulated = this.seconds;
    this.startedAt = undefined;
  }

  get seconds(): number {
    return this.accumulated + (this.startedAt === undefined ? 0 : (this.now() - this.startedAt) / 1000);
  }
}
