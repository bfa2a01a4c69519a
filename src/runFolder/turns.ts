import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

const WORK_MS = 10;

/** Long work that shares the event loop: looked at after each small part, it says when others are to have their turn. */
export class Turns {
  private begun = performance.now();

  get isOver(): boolean {
    return performance.now() - this.begun >= WORK_MS;
  }

  /** Resolves when whatever waited for the event loop, timers and sockets too, was served. */
  async next(): Promise<void> {
    await nextTurn();
    this.begun = performance.now();
  }
}
