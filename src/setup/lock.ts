/**
 * One set-up at a time. The lock only saves work: every result is made in a folder of its own and renamed into place,
 * so that two set-ups at once would still both end well.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 300;

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when another process holds the lock. */
  readonly onWait?: (pid: number) => void;
}

/** Runs `work` while holding the lock `file`; a lock whose process is dead is taken over. */
export async function withLock<T>(file: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  await acquire(file, options);
  try {
    return await work();
  } finally {
    await fs.rm(file, { force: true });
  }
}

async function acquire(file: string, options: LockOptions): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  let told = false;
  while (!(await create(file))) {
    const holder = await readHolder(file);
    if (holder === undefined) continue; // released between the two looks
    if (!isAlive(holder)) {
      await removeStale(file, holder);
      continue;
    }
    if (!told) options.onWait?.(holder);
    told = true;
    await delay(POLL_MS, undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
}

/** A hard link to a file that already says who holds it: at no moment is the lock there but empty. */
async function create(file: string): Promise<boolean> {
  const own = `${file}.${String(process.pid)}.new`;
  await fs.writeFile(own, String(process.pid));
  try {
    await fs.link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await fs.rm(own, { force: true });
  }
}

async function readHolder(file: string): Promise<number | undefined> {
  try {
    return Number(await fs.readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Moves the lock aside before removing it: of several who find it stale, only one succeeds. */
async function removeStale(file: string, holder: number): Promise<void> {
  const aside = `${file}.${String(process.pid)}.stale`;
  try {
    await fs.rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  // Someone else may have taken it over a moment earlier; then it is theirs and goes back.
  if (Number(await fs.readFile(aside, 'utf8')) !== holder) await fs.link(aside, file).catch(ignoreExisting);
  await fs.rm(aside, { force: true });
}

function ignoreExisting(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}

/** Whether a process with this id exists, also one of another user. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
