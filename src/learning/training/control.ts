/** What a user may do to a running loop. The loop asks before every step; the answer may take as long as a pause. */

export type StopReason = 'stoppedByUser' | 'abandoned';

export class Control {
  private paused = false;
  private stepsAllowed = 0;
  private stopReason: StopReason | undefined;
  private wake: (() => void) | undefined;
  private requestedRate: number | undefined;
  private stepDone: (() => void)[] = [];

  constructor(private readonly onPausedChange: (paused: boolean) => void) {}

  get isPaused(): boolean {
    return this.paused;
  }

  get stopped(): StopReason | undefined {
    return this.stopReason;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.wake?.();
  }

  /** Lets a paused loop take one step; resolves when it is done (or when the run ends). */
  step(): Promise<void> {
    this.stepsAllowed++;
    const done = new Promise<void>((resolve) => this.stepDone.push(resolve));
    this.wake?.();
    return done;
  }

  stop(reason: StopReason): void {
    this.stopReason ??= reason;
    this.wake?.();
  }

  changeLearningRate(rate: number): void {
    this.requestedRate = rate;
  }

  /** A rate asked for since the last call. */
  takeLearningRate(): number | undefined {
    const rate = this.requestedRate;
    this.requestedRate = undefined;
    return rate;
  }

  /** Called by the loop before each step; waits out a pause. False: stop now. */
  async mayStep(): Promise<boolean> {
    while (this.paused && this.stopReason === undefined) {
      if (this.stepsAllowed > 0) {
        this.stepsAllowed--;
        return true;
      }
      this.settleSteps();
      this.onPausedChange(true);
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
      if (!this.isPaused) this.onPausedChange(false);
    }
    return this.stopReason === undefined;
  }

  /** Called by the loop when it ends, however it ends: nobody waits for a step that will not come. */
  end(): void {
    this.settleSteps();
  }

  private settleSteps(): void {
    const waiting = this.stepDone;
    this.stepDone = [];
    for (const resolve of waiting) resolve();
  }
}
