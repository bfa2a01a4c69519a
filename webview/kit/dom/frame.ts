/**
 * When the page works: on animation frames only, when something changed, and rarely enough that drawing takes a small
 * share of the machine, because the training next door needs the processors more.
 *
 * Costs are left as performance measures named "frame" (all), "frame:points" and "frame:draw".
 */
import { SHORTEST_NEWS } from '../../../src/protocol/pace';

/** Of all processors together. */
const SHARE = 0.05;
/**
 * Putting a frame on the screen costs the browser more than the script, so there is one for each time that news comes:
 * not quite as long a pause, so that none is a frame late.
 */
const SHORTEST_PAUSE = 0.6 * SHORTEST_NEWS;
const LONGEST_PAUSE = 1000;
/** A pause shorter than this is not worth a timer. */
const FRAME = 17;

export interface FrameWork {
  /** Takes waiting points in; true while there are more. */
  readonly points: () => boolean;
  readonly draw: () => void;
}

export class Frames {
  readonly #work: FrameWork;
  readonly #share: number;
  #requested = false;
  #timer: number | undefined;
  #dirty = false;
  #more = false;
  #nextDraw = 0;

  constructor(work: FrameWork, processors = navigator.hardwareConcurrency) {
    this.#work = work;
    this.#share = Math.min(0.2, SHARE * processors);
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
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
    const wait = this.#more ? 0 : this.#nextDraw - performance.now();
    if (wait > FRAME) {
      this.#timer = window.setTimeout(() => {
        this.#request();
      }, wait);
    } else this.#request();
  }

  #request(): void {
    this.#requested = true;
    requestAnimationFrame(() => {
      this.#requested = false;
      this.#frame();
    });
  }

  #frame(): void {
    const start = performance.now();
    this.#more = this.#work.points();
    const taken = performance.now();
    measure('frame:points', start, taken);
    if (this.#dirty && taken >= this.#nextDraw) {
      this.#dirty = this.#more;
      this.#work.draw();
      const end = performance.now();
      measure('frame:draw', taken, end);
      const pause = (end - taken) * (1 / this.#share - 1);
      this.#nextDraw = end + Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, pause));
    }
    measure('frame', start, performance.now());
    if (this.#more || this.#dirty) this.#schedule();
  }
}

let measured = 0;

function measure(name: string, start: number, end: number): void {
  performance.measure(name, { start, end });
  // The browser keeps every measure until told otherwise.
  if (++measured % 3000 === 0)
    for (const old of ['frame', 'frame:points', 'frame:draw']) performance.clearMeasures(old);
}
