import { statSync } from 'node:fs';
import type { RunRecord } from '../protocol/run';

/** A trainer touches its heartbeat every 2 s; a machine under load may be late. */
const HEARTBEAT_LIMIT_MS = 30_000;

/** The process exists, and it is not another one that was given the same number. */
export function isAlive({ trainer }: RunRecord): boolean {
  // 0 and what is below it are groups of processes, ours among them.
  if (trainer.pid <= 0) return false;
  try {
    process.kill(trainer.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const beat = statSync(trainer.heartbeat, { throwIfNoEntry: false });
  return beat !== undefined && Date.now() - beat.mtimeMs < HEARTBEAT_LIMIT_MS;
}
