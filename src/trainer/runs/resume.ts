/** A resumed run is a run of its own whose curve begins with a copy of the old one, up to the checkpoint. */
import * as l10n from '@vscode/l10n';
import { isMadeHere } from '../../files/seal';
import { LabError } from '../../protocol/errors';
import type { StartRun } from '../../protocol/trainer';
import { foreign, unwritable } from '../../runFolder/errors';
import { checkpointEpoch, checkpointFolder } from '../../runFolder/layout';
import { copyPoints } from '../../runFolder/points';
import * as counts from '../../words/counts';
import { damaged, openCheckpoint } from './checkpointManifest';

type Checkpoint = NonNullable<StartRun['resumeFrom']>;

/**
 * Looks at a checkpoint to resume from, before anything is made.
 * @returns the number of points before it
 * @throws LabError RUN_FOREIGN, CHECKPOINT_DAMAGED
 */
export function pointsBefore({ runFolder, checkpoint }: Checkpoint): number {
  if (!isMadeHere(runFolder)) throw foreign(runFolder);
  // A name that is none may lead anywhere.
  if (checkpointEpoch(checkpoint) === undefined) throw damaged(checkpoint, checkpoint);
  return openCheckpoint(checkpointFolder(runFolder, checkpoint)).manifest.state.points;
}

/** @throws LabError CHECKPOINT_DAMAGED, RUN_CORRUPT, RUN_FOLDER_UNWRITABLE; the signal's reason */
export async function copyCurve(
  { runFolder, checkpoint }: Checkpoint,
  points: number,
  toFolder: string,
  signal?: AbortSignal,
): Promise<void> {
  const copied = await copyPoints(runFolder, points, toFolder, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error instanceof LabError ? error : unwritable(toFolder, error);
  });
  if (copied === points) return;
  throw damaged(checkpoint, l10n.t('{0} before it instead of {1}', counts.points(copied), counts.points(points)));
}
