/** Ends a trainer that cannot be talked to: its process is stopped, or runs code that never returns. */
import { endProcess } from '../../processes/identity';
import { ACTIVE_STATES, type RunEnd, type RunRecord } from '../../protocol/run';
import { endRun, listRuns, readRun } from '../../runFolder/runs';
import type { TrainerOptions } from './options';
import { trainerAt, trainerPlace } from './place';

/** Ends the process that owns the run and writes down that it did. A run that is over already is left as it is. */
export async function endUnresponsive(runFolder: string): Promise<RunRecord> {
  const record = await readRun(runFolder);
  if (!ACTIVE_STATES.has(record.state)) return record;
  await endProcess(record.trainer);
  return endRun(runFolder, killed());
}

/** Ends the trainer of a project, whatever it does, and writes down how its run ended, if it had one. */
export async function endTrainer(options: TrainerOptions, runsDirectory: string): Promise<void> {
  const trainer = trainerAt(trainerPlace(options));
  if (trainer === undefined) return;
  const { runs } = await listRuns(runsDirectory);
  await endProcess(trainer);
  for (const { folder, record } of runs) {
    if (record.trainer.instance !== trainer.instance || !ACTIVE_STATES.has(record.state)) continue;
    await endRun(folder, killed());
  }
}

const killed = (): RunEnd => ({ reason: 'killed', at: new Date().toISOString(), unattended: false });
