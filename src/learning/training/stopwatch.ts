/** Seconds of training, pauses left out. The clock is passed in (milliseconds, monotonic). */
export class Stopwatch {
  private accumulated: number;
  private startedAt: number | undefined;

  constructor(
    private readonly now: () => number,
    initialSeconds = 0,
  ) {
    this.accumulated = initialSeconds;
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
