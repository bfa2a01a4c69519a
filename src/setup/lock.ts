/**
 * One set-up at a time. The lock only saves work: every result is made in a folder of its own and renamed into place,
 * so that two set-ups at once would still both end well.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { release, take } from '../processes/lock';

const POLL_MS = 300;

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when another process holds the lock. */
  readonly onWait?: (pid: number) => void;
}

/** Runs `work` while holding the lock `file`; a lock whose process is dead is taken over. */
export async function withLock<T>(file: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const { signal, onWait } = options;
  let told = false;
  for (let holder = take(file); holder !== undefined; holder = take(file)) {
    if (!told) onWait?.(holder.pid);
    told = true;
    await delay(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
  try {
    return await work();
  } finally {
    release(file);
  }
}
