import { endTrainer, endUnresponsive } from '../../client/processes/unresponsive';
import { LabError } from '../../protocol/errors';
import { ACTIVE_STATES } from '../../protocol/run';
import type { App } from '../app/app';
import { setting } from '../app/settings';
import type { RunHistory } from './history';
import { projectOf, trainerOptions } from './options';

/** The trainer lives and does not answer: most likely its model file loops for ever. */
export function isSilent(error: unknown): boolean {
  return error instanceof LabError && error.code === 'TRAINER_UNRESPONSIVE';
}

/** An update of the lab came while it trained. */
export function isOfOtherVersion(error: unknown): boolean {
  return error instanceof LabError && error.code === 'PROTOCOL_VERSION';
}

/** Stops what another version of the lab trains: its points and checkpoints are a run like any other. */
export async function stopOther(app: App, history: RunHistory, project: string): Promise<void> {
  const { stopRunOfOther } = await import('../../client/processes/otherVersion');
  for (const { folder, record } of await history.list()) {
    if (!ACTIVE_STATES.has(record.state) || projectOf(app, record.modelFile) !== project) continue;
    await stopRunOfOther(folder, trainerOptions(app, project), setting('deepLearningLab.stop.graceSeconds'));
  }
  history.refresh();
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
