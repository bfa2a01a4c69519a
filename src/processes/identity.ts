/**
 * Who a process is. Its id alone says little: ids are given out again. An id and the moment at which its process began
 * are one process for ever, whatever the clock does and however long the machine sleeps.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in words of the operating system: two processes that had one id, one after the other, differ in it. */
  readonly started: string;
}

/** As it was read from a file: what says nothing of a beginning names no process. */
export type WrittenIdentity = Omit<ProcessIdentity, 'started'> & { readonly started?: string | undefined };

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid) ?? '' };
}

/** The process that has this id now. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const started = startOf(pid);
  return started === undefined ? undefined : { pid, started };
}

/** The process lives, and is not another one that was given the same id. */
export function isAlive({ pid, started }: WrittenIdentity): boolean {
  return started !== undefined && started !== '' && startOf(pid) === started;
}

const POLL_MS = 20;

/** Ends the process at once, if it is this very one, and waits until it is gone. No other process is ever signalled. */
export async function endProcess(identity: WrittenIdentity): Promise<void> {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it ended by itself just now
  }
  while (isAlive(identity)) await delay(POLL_MS);
}

/** When the process with this id began; undefined: there is none, or it is over and only waits for its parent. */
function startOf(pid: number): string | undefined {
  // 0 and what is below it are groups of processes, ours among them.
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') return startOnLinux(pid);
  if (process.platform === 'win32')
    return told('powershell.exe', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`]);
  return told('ps', ['-o', 'lstart=', '-p', String(pid)]);
}

/** Ticks since the machine began to run, hence of one such time only. */
function startOnLinux(pid: number): string | undefined {
  try {
    // The name stands in brackets and may hold anything; state and start are the first and the twentieth word after it.
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return words[0] === 'Z' || words[0] === 'X' ? undefined : `${boot()} ${words[19] ?? ''}`;
  } catch {
    return undefined; // no such process, or it went while we looked
  }
}

let bootId: string | undefined;

function boot(): string {
  try {
    bootId ??= fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    bootId = ''; // some containers hide it; the ticks have to do
  }
  return bootId;
}

function told(program: string, args: readonly string[]): string | undefined {
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const text = execFileSync(program, args, { env, encoding: 'utf8', windowsHide: true, stdio: 'pipe' }).trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined; // both programs fail for a process that is not there
  }
}
