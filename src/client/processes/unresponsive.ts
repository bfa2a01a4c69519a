/** Ends a trainer that cannot be talked to: its process is stopped, or runs code that never returns. */
import { endProcess } from '../../processes/identity';
import { ACTIVE_STATES, type RunEnd, type RunRecord } from '../../protocol/run';
import { endRun, listRuns, readRun } from '../../runFolder/runs';
import type { TrainerOptions } from './options';
import { blockedAt } from './errors';
import { trainerAt, trainerPlace, type TrainerPlace } from './place';

/**
 * Ends the process that owns the run and writes down that it did. A run that is over already is left as it is.
 *
 * @param options of the run's project: where its trainer says what blocks it
 */
export async function endUnresponsive(
  runFolder: string,
  options: Pick<TrainerOptions, 'project' | 'paths'>,
): Promise<RunRecord> {
  const record = await readRun(runFolder);
  if (!ACTIVE_STATES.has(record.state)) return record;
  await endProcess(record.trainer);
  return endRun(runFolder, killed(trainerPlace(options)));
}

/** Ends the trainer of a project, whatever it does, and writes down how its run ended, if it had one. */
export async function endTrainer(options: TrainerOptions, runsDirectory: string): Promise<void> {
  const place = trainerPlace(options);
  const trainer = trainerAt(place);
  if (trainer === undefined) return;
  const { runs } = await listRuns(runsDirectory);
  await endProcess(trainer);
  for (const { folder, record } of runs) {
    if (record.trainer.instance !== trainer.instance || !ACTIVE_STATES.has(record.state)) continue;
    await endRun(folder, killed(place));
  }
}

/** How a run ends whose trainer was ended by its user; with the line, where the learner's code blocked it. */
export function killed(place: TrainerPlace): RunEnd {
  const error = blockedAt(place);
  return {
    reason: 'killed',
    at: new Date().toISOString(),
    unattended: false,
    ...(error === undefined ? {} : { error }),
  };
}
