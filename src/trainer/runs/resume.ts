/** A resumed run is a run of its own whose curve begins with a copy of the old one, up to the checkpoint. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { LabError } from '../../protocol/errors';
import type { StartRun } from '../../protocol/trainer';
import { unwritable } from '../../runFolder/errors';
import { checkpointFolder } from '../../runFolder/layout';
import { copyPoints } from '../../runFolder/points';
import * as counts from '../../words/counts';

type Checkpoint = NonNullable<StartRun['resumeFrom']>;

/**
 * @returns the number of points copied
 * @throws LabError CHECKPOINT_DAMAGED, RUN_CORRUPT, RUN_FOLDER_UNWRITABLE
 */
export function copyCurve(from: Checkpoint, toFolder: string): number {
  const points = pointsBefore(from);
  let copied: number;
  try {
    copied = copyPoints(from.runFolder, points, toFolder);
  } catch (error) {
    throw error instanceof LabError ? error : unwritable(toFolder, error);
  }
  if (copied === points) return points;
  throw new LabError({
    code: 'CHECKPOINT_DAMAGED',
    message: l10n.t('The curve of the run to resume is shorter than its checkpoint.'),
    expected: counts.points(points),
    found: counts.points(copied),
    remedy: l10n.t('Resume from an earlier checkpoint.'),
  });
}

function pointsBefore({ runFolder, checkpoint }: Checkpoint): number {
  try {
    const manifest = fs.readFileSync(path.join(checkpointFolder(runFolder, checkpoint), 'checkpoint.json'), 'utf8');
    const { state } = JSON.parse(manifest) as { state: { points: number } };
    return state.points;
  } catch (error) {
    throw new LabError(
      {
        code: 'CHECKPOINT_DAMAGED',
        message: l10n.t('The checkpoint "{0}" cannot be read.', checkpoint),
        found: error instanceof Error ? error.message : String(error),
        remedy: l10n.t('Choose another checkpoint, or start a new run.'),
      },
      { cause: error },
    );
  }
}
