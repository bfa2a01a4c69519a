/** Ends a run whose trainer cannot be talked to: its process exists, but runs code that never returns. */
import { setTimeout as delay } from 'node:timers/promises';
import { ACTIVE_STATES, type RunRecord } from '../../protocol/run';
import { endRun, readRun } from '../../runFolder/runs';

const POLL_MS = 20;

/**
 * Ends the process that owns the run and writes down that it did. A run that is over already is left as it is; the
 * process is only ended while its signs of life say that it is the run's own.
 */
export async function endUnresponsive(runFolder: string): Promise<RunRecord> {
  const record = await readRun(runFolder);
  if (!ACTIVE_STATES.has(record.state)) return record;
  const { pid } = record.trainer;
  if (signal(pid, 'SIGKILL')) while (signal(pid, 0)) await delay(POLL_MS);
  return endRun(runFolder, { reason: 'killed', at: new Date().toISOString(), unattended: false });
}

/** False when there is no such process. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
