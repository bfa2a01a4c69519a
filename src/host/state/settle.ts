import { endRun, readRun } from '../../runFolder/runs';
import type { LabErrorData } from '../../protocol/errors';
import type { RunRecord } from '../../protocol/run';

/**
 * The record of a run whose trainer may be gone, brought to an end on disk if nobody has done that.
 *
 * @param unattended no window was attached when it ended.
 * @param error what the trainer's end was, where known.
 */
export async function settleDeadRun(folder: string, unattended: boolean, error?: LabErrorData): Promise<RunRecord> {
  const record = await readRun(folder);
  if (record.state !== 'interrupted') return record;
  const at = record.end?.at ?? new Date().toISOString();
  return await endRun(folder, { reason: 'trainerDied', at, unattended, ...(error === undefined ? {} : { error }) });
}
