/** How often a picture is drawn: at most twice a second, and never for more than a fiftieth of the time. */
const SHORTEST_MS = 500;
const SHARE = 50;

export class Pace {
  private next = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds, monotonic */
  constructor(private readonly now: () => number) {}

  get isDue(): boolean {
    return this.now() >= this.next;
  }

  /** Draws, and sets when the next picture is due. */
  draw(work: () => void): void {
    const start = this.now();
    work();
    const end = this.now();
    this.next = end + Math.max(SHORTEST_MS, (end - start) * SHARE);
  }
}
