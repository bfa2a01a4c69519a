/** The training of a run, and what its experiment asks for after it, tied to the journal. */
import * as l10n from '@vscode/l10n';
import type { Rows } from '../../learning/training/batches';
import type { Control } from '../../learning/training/control';
import { Training, type Data } from '../../learning/training/training';
import { LabError } from '../../protocol/errors';
import type { EndReason, RunRecord } from '../../protocol/run';
import type { StartRun } from '../../protocol/trainer';
import { checkpointEpoch, checkpointFolder } from '../../runFolder/layout';
import { epochs as epochsText } from '../../words/counts';
import type { LoadedModelFile } from '../modelFile/load';
import { readCheckpoint } from './checkpointFile';
import { runConfig } from './config';
import type { Journal } from './journal';
import { pictures, recording } from './listeners';
import { studyModels } from './modelSizes';
import { requireTrainingMemory } from './memory';
import type { PictureDesk } from './pictureDesk';
import { studySizes } from './sizes';

export interface TrainHooks {
  /** Where pictures are asked for; it disposes a training that nobody else keeps and that is still looked at. */
  readonly desk: PictureDesk;
  readonly isWatched: () => boolean;
  /** The process is ended above it. */
  readonly memoryLimitMB: number;
  /** As in RunOptions. */
  readonly keep: ((training: Training, data: Data) => void) | undefined;
}

/** A stop in what comes after the training leaves it complete. */
export async function train(
  { experiment, effects }: Pick<LoadedModelFile, 'experiment' | 'effects'>,
  data: Data,
  request: StartRun,
  journal: Journal,
  control: Control,
  { desk, isWatched, memoryLimitMB, keep }: TrainHooks,
): Promise<EndReason> {
  const { compile = true } = request.overrides ?? {};
  const epochs = epochsOf(request, experiment.epochs);
  const settings = { experiment, data, compile, effects, epochs, control };
  const ready = (own: Training, rows: Rows): Promise<void> =>
    requireTrainingMemory(experiment, own, rows, memoryLimitMB);
  const training = await Training.create({ ...settings, whole: true, ready });
  let reason: EndReason;
  let isKept = false;
  try {
    const makers = pictures(journal, experiment, data, training, isWatched);
    training.listen(...makers, recording(journal, training));
    desk.open(training, makers, data.tokenizer);
    const resumed = restore(request, training);
    if (epochsDone(request) >= epochs) throw nothingLeft(epochs);
    const config = runConfig(experiment, training, data, epochs);
    journal.update({ state: 'training', config, progress: training.progress, ...resumed });
    reason = await training.run();
    training.sync();
    isKept = keep !== undefined || desk.keep();
    keep?.(training, data);
  } finally {
    if (!isKept) training.dispose();
  }
  if (control.stopped === undefined) await studySizes(settings, journal);
  if (control.stopped === undefined) await studyModels(settings, journal);
  return reason;
}

/** Epochs from the very first one to the end. */
function epochsOf({ overrides, resumeFrom }: StartRun, planned: number): number {
  if (resumeFrom?.moreEpochs === undefined) return overrides?.epochs ?? planned;
  return epochsDone({ resumeFrom }) + resumeFrom.moreEpochs;
}

function epochsDone({ resumeFrom }: Pick<StartRun, 'resumeFrom'>): number {
  return resumeFrom === undefined ? 0 : (checkpointEpoch(resumeFrom.checkpoint) ?? 0);
}

function nothingLeft(trained: number): LabError {
  return new LabError({
    code: 'CHECKPOINT_COMPLETE',
    message: l10n.t('The checkpoint is that of a complete training: nothing is left to train.'),
    expected: l10n.t('more epochs than are done'),
    found: epochsText(trained),
    field: 'epochs',
    remedy: l10n.t('Say how many more epochs to train, or raise "epochs" in the model file.'),
  });
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
