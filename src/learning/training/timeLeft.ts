/** Steps that tell nothing of the pace: the first ones run eagerly, are compiled, and are held against the eager ones. */
const WARM_UP = 12;
/** Of the steps after them, so many, and so many seconds, have to be known before anything is said. */
const FEWEST_STEPS = 8;
const FEWEST_SECONDS = 1;

interface Mark {
  readonly step: number;
  readonly seconds: number;
}

/**
 * Seconds to the planned end, from the pace of the later half of the steps so far or more: a slow beginning, whatever
 * made it slow, is forgotten as the run goes on.
 */
export class TimeLeft {
  private from: Mark | undefined;
  private next: Mark | undefined;
  private known = false;
  private latest: Mark;

  /** @param origin where this process takes its first step; later than 0 in a resumed run */
  constructor(private readonly origin: Mark = { step: 0, seconds: 0 }) {
    this.latest = origin;
  }

  /** To be told after each step: how many there were, and the seconds of training until then. */
  saw(step: number, seconds: number): void {
    this.latest = { step, seconds };
    const taken = step - this.origin.step;
    if (taken < WARM_UP) return;
    this.from ??= this.latest;
    this.next ??= this.latest;
    if (taken >= 2 * (this.next.step - this.origin.step)) {
      this.from = this.next;
      this.next = this.latest;
    }
    const enough = step - this.from.step >= FEWEST_STEPS && seconds - this.from.seconds >= FEWEST_SECONDS;
    this.known ||= enough;
  }

  /** null while it is not known. */
  until(totalSteps: number): number | null {
    if (!this.known || this.from === undefined) return null;
    const { step, seconds } = this.latest;
    return ((seconds - this.from.seconds) / (step - this.from.step)) * Math.max(0, totalSteps - step);
  }
}
