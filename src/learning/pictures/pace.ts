/** How often a picture is drawn: at most twice a second, and never for more than a fiftieth of the time. */
const SHORTEST_MS = 500;
const SHARE = 50;

export class Pace {
  private next = Number.NEGATIVE_INFINITY;

  /**
   * @param now milliseconds, monotonic
   * @param share of the time that it may take: one in so many
   */
  constructor(
    private readonly now: () => number,
    private readonly share = SHARE,
  ) {}

  get isDue(): boolean {
    return this.now() >= this.next;
  }

  /** Draws, and sets when the next picture is due. */
  draw(work: () => void): void {
    const start = this.now();
    work();
    const end = this.now();
    this.next = end + Math.max(SHORTEST_MS, (end - start) * this.share);
  }
}
