/**
 * When the page works: on animation frames only, when something changed, and drawing takes no more than a fifth of the
 * time, because the training next door needs the processor more.
 *
 * Costs are left as performance measures named "frame" (all), "frame:points" and "frame:draw".
 */
const SHARE = 5;
const SHORTEST_PAUSE = 40;

export interface FrameWork {
  /** Takes waiting points in; true while there are more. */
  readonly points: () => boolean;
  readonly draw: () => void;
}

export class Frames {
  readonly #work: FrameWork;
  #requested = false;
  #dirty = false;
  #nextDraw = 0;

  constructor(work: FrameWork) {
    this.#work = work;
  }

  /** Something changed. */
  request(): void {
    this.#dirty = true;
    this.#schedule();
  }

  /** Something the user did: draw on the very next frame. */
  urgent(): void {
    this.#nextDraw = 0;
    this.request();
  }

  #schedule(): void {
    if (this.#requested) return;
    this.#requested = true;
    requestAnimationFrame(() => {
      this.#requested = false;
      this.#frame();
    });
  }

  #frame(): void {
    const start = performance.now();
    const more = this.#work.points();
    const taken = performance.now();
    measure('frame:points', start, taken);
    if (this.#dirty && taken >= this.#nextDraw) {
      this.#dirty = more;
      this.#work.draw();
      const end = performance.now();
      measure('frame:draw', taken, end);
      this.#nextDraw = end + Math.max(SHORTEST_PAUSE, (end - taken) * (SHARE - 1));
    }
    measure('frame', start, performance.now());
    if (more || this.#dirty) this.#schedule();
  }
}

let measured = 0;

function measure(name: string, start: number, end: number): void {
  performance.measure(name, { start, end });
  // The browser keeps every measure until told otherwise.
  if (++measured % 3000 === 0)
    for (const old of ['frame', 'frame:points', 'frame:draw']) performance.clearMeasures(old);
}
