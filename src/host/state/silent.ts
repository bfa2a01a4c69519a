import { endUnresponsive } from '../../client/processes/unresponsive';
import { LabError } from '../../protocol/errors';
import { ACTIVE_STATES } from '../../protocol/run';
import type { App } from '../app/app';
import type { RunHistory } from './history';
import { projectOf } from './options';

/** The trainer lives and does not answer: most likely its model file loops for ever. */
export function isSilent(error: unknown): boolean {
  return error instanceof LabError && error.code === 'TRAINER_UNRESPONSIVE';
}

/** Ends the process of a run whose trainer cannot be talked to. */
export async function endSilentRun(history: RunHistory, folder: string): Promise<void> {
  await endUnresponsive(folder);
  history.refresh();
}

/** Ends whatever keeps the trainer of this project from answering. Returns false when no run of it is known. */
export async function endSilentTrainer(app: App, history: RunHistory, project: string): Promise<boolean> {
  history.refresh();
  for (const { folder, record } of await history.list()) {
    if (!ACTIVE_STATES.has(record.state) || projectOf(app, record.modelFile) !== project) continue;
    await endSilentRun(history, folder);
    return true;
  }
  return false;
}
