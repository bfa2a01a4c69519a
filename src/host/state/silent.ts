import { endTrainer, endUnresponsive } from '../../client/processes/unresponsive';
import { LabError } from '../../protocol/errors';
import type { App } from '../app/app';
import type { RunHistory } from './history';
import { trainerOptions } from './options';

/** The trainer lives and does not answer: most likely its model file loops for ever. */
export function isSilent(error: unknown): boolean {
  return error instanceof LabError && error.code === 'TRAINER_UNRESPONSIVE';
}

/** Ends the process of a run whose trainer cannot be talked to. */
export async function endSilentRun(app: App, history: RunHistory, folder: string, project: string): Promise<void> {
  await endUnresponsive(folder, trainerOptions(app, project));
  history.refresh();
}

/** Ends whatever keeps the trainer of this project from answering. */
export async function endSilentTrainer(app: App, history: RunHistory, project: string): Promise<void> {
  await endTrainer(trainerOptions(app, project), app.lab().runs);
  history.refresh();
}
