import { isAlive as isProcessAlive } from '../processes/identity';
import type { RunRecord } from '../protocol/run';

/** The very process that owns the run exists: also while it is stopped, blocks, or the machine sleeps. */
export function isAlive({ trainer }: Pick<RunRecord, 'trainer'>): boolean {
  return isProcessAlive(trainer);
}
