/** The training of a run, and what its experiment asks for after it, tied to the journal. */
import * as l10n from '@vscode/l10n';
import type { Control } from '../../learning/training/control';
import { Training, type Data } from '../../learning/training/training';
import type { EndReason, RunRecord } from '../../protocol/run';
import type { StartRun } from '../../protocol/trainer';
import { checkpointFolder } from '../../runFolder/layout';
import type { LoadedModelFile } from '../modelFile/load';
import { readCheckpoint } from './checkpointFile';
import { runConfig } from './config';
import type { Journal } from './journal';
import { pictures, recording } from './listeners';
import { studySizes } from './sizes';

/** A stop in what comes after the training leaves it complete. */
export async function train(
  { experiment, effects }: LoadedModelFile,
  data: Data,
  request: StartRun,
  journal: Journal,
  control: Control,
): Promise<EndReason> {
  const { compile = true, epochs = experiment.epochs } = request.overrides ?? {};
  const settings = { experiment, data, compile, effects, epochs, control };
  const training = await Training.create({ ...settings, whole: true });
  let reason: EndReason;
  try {
    training.listen(...pictures(journal, experiment, data.test, training), recording(journal, training));
    const resumed = restore(request, training);
    const config = runConfig(experiment, training, data, epochs);
    journal.update({ state: 'training', config, progress: training.progress, ...resumed });
    reason = await training.run();
  } finally {
    training.dispose();
  }
  if (control.stopped === undefined) await studySizes(settings, journal);
  return reason;
}

/** Continues from the checkpoint to resume from. @returns what the record says of it */
function restore({ resumeFrom }: StartRun, training: Training): Pick<RunRecord, 'referenceEnd'> {
  if (resumeFrom === undefined) return {};
  const { built, reference } = training;
  const folder = checkpointFolder(resumeFrom.runFolder, resumeFrom.checkpoint);
  const state = readCheckpoint(folder, built, reference?.built);
  training.resume(state);
  if (reference === undefined) return {};
  if (state.reference !== undefined)
    return state.referenceEnd === undefined ? {} : { referenceEnd: state.referenceEnd };
  const step = state.step + 1;
  reference.finish(step);
  const message = l10n.t('The checkpoint has no model to compare with, so that its curve does not go on.');
  return { referenceEnd: { step, message } };
}
