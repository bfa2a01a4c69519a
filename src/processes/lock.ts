/**
 * A file that one living process holds. A lock whose process is dead is free at once: who held it stands in it, by id and
 * start, so that neither a kill nor an id that was given out again, nor a machine that slept, can keep or lose it.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readSmallFileSync } from '../files/read';
import { replaceFileSync } from '../files/replace';
import { isAlive, ownIdentity, type ProcessIdentity } from './identity';

/** More would not be a lock. */
const MOST_BYTES = 64 * 1024;

/** Who holds the lock, and what they wrote beside that. */
export type Holder<T extends object = object> = ProcessIdentity & Partial<T>;

/**
 * Takes the lock, unless a living process has it.
 * @param also written into it for whoever reads it
 * @returns its holder: undefined when that is we, from now on
 */
export function take<T extends object>(file: string, also?: T): Holder<T> | undefined {
  for (;;) {
    if (create(file, textOf(also))) return undefined;
    const text = read(file);
    if (text === undefined) continue; // released between the two looks
    const holder = parse<T>(text);
    if (holder !== undefined && isAlive(holder)) return holder;
    removeStale(file, text);
  }
}

/** Who holds the lock now; undefined: nobody who lives. */
export function holderOf<T extends object>(file: string): Holder<T> | undefined {
  const holder = parse<T>(read(file) ?? '');
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

/** Whether it is this process that holds the lock. */
export function isHeld(file: string): boolean {
  return holderOf(file)?.pid === process.pid;
}

/** What its holder has written beside itself, from now on. */
export function replace(file: string, also: object): void {
  replaceFileSync(file, textOf(also));
}

export function release(file: string): void {
  fs.rmSync(file, { force: true });
}

export interface Waiting {
  readonly signal?: AbortSignal | undefined;
  /** Called once when another process holds the lock. */
  readonly onWait?: (pid: number) => void;
}

/** Between two looks at a lock that another one holds: soon for what is done at once, rarely for what takes minutes. */
const SHORTEST_POLL_MS = 5;
const LONGEST_POLL_MS = 300;

/** Does the work while nobody else holds the lock. @throws the signal's reason while it waits */
export async function withLock<T>(file: string, work: () => Promise<T>, { signal, onWait }: Waiting = {}): Promise<T> {
  let pause = SHORTEST_POLL_MS;
  for (let holder = take(file); holder !== undefined; holder = take(file)) {
    if (pause === SHORTEST_POLL_MS) onWait?.(holder.pid);
    await delay(pause, undefined, signal === undefined ? {} : { signal });
    pause = Math.min(1.5 * pause, LONGEST_POLL_MS);
  }
  try {
    return await work();
  } finally {
    release(file);
  }
}

const textOf = (also?: object): string => JSON.stringify({ ...also, ...ownIdentity() });

/** A hard link to a file that already says who holds it: at no moment is the lock there but empty. */
function create(file: string, text: string): boolean {
  const own = `${file}.${randomBytes(6).toString('hex')}.new`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  try {
    fs.writeFileSync(own, text, { flag: 'wx', mode: 0o600 });
    fs.linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

function read(file: string): string | undefined {
  try {
    return readSmallFileSync(file, MOST_BYTES);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code !== undefined) throw error;
    return ''; // a pipe, a folder, a giant: no lock of ours
  }
}

function parse<T extends object>(text: string): Holder<T> | undefined {
  try {
    const { pid, started, ...also } = JSON.parse(text) as Record<string, unknown>;
    return typeof pid === 'number' && typeof started === 'string'
      ? ({ ...also, pid, started } as Holder<T>)
      : undefined;
  } catch {
    return undefined; // not of ours, or damaged: nobody's
  }
}

/** Moves the lock aside before removing it: of several who find it stale, only one succeeds. */
function removeStale(file: string, stale: string): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}.stale`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    // Someone else may have taken it over a moment earlier; then it is theirs and goes back.
    if (read(aside) !== stale) fs.linkSync(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(aside, { force: true });
  }
}
