/** Requests to stop that come to the process: Ctrl+C, SIGTERM, a closed terminal. */

/** One press of Ctrl+C may reach us twice, from the terminal and from npm: two within this time are one. */
const SAME_PRESS_MS = 1_000;

type Listener = (times: number) => void;

export class StopRequests {
  private readonly controller = new AbortController();
  private readonly listeners = new Set<Listener>();
  private times = 0;
  private last = -Infinity;

  constructor(source: NodeJS.EventEmitter = process, now: () => number = () => performance.now()) {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      source.on(name, () => {
        if (now() - this.last < SAME_PRESS_MS) return;
        this.last = now();
        this.times++;
        this.controller.abort();
        for (const listener of [...this.listeners]) listener(this.times);
      });
    }
  }

  /** Aborted by the first request. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** `listener` gets how many requests there were, from 1; at once if there was one already. */
  onStop(listener: Listener): { dispose(): void } {
    this.listeners.add(listener);
    if (this.times > 0) listener(this.times);
    return { dispose: () => this.listeners.delete(listener) };
  }
}
