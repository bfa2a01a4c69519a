/** A resumed run is a run of its own whose curve begins with a copy of the old one, up to the checkpoint. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { LabError } from '../../protocol/errors';
import type { StartRun } from '../../protocol/trainer';
import { unwritable } from './folder';

/** @returns the number of points copied */
export function copyCurve(from: NonNullable<StartRun['resumeFrom']>, toFolder: string): number {
  const { points, lines } = read(from);
  if (lines.length < points) {
    throw new LabError({
      code: 'CHECKPOINT_INVALID',
      message: l10n.t('The curve of the run to resume is shorter than its checkpoint.'),
      expected: l10n.t('{0} points', points),
      found: l10n.t('{0} points', lines.length),
      remedy: l10n.t('Resume from an earlier checkpoint.'),
    });
  }
  try {
    fs.writeFileSync(
      path.join(toFolder, 'metrics.jsonl'),
      lines
        .slice(0, points)
        .map((line) => `${line}\n`)
        .join(''),
    );
  } catch (error) {
    throw unwritable(toFolder, error);
  }
  return points;
}

function read({ runFolder, checkpoint }: NonNullable<StartRun['resumeFrom']>): { points: number; lines: string[] } {
  try {
    const manifest = fs.readFileSync(path.join(runFolder, 'checkpoints', checkpoint, 'checkpoint.json'), 'utf8');
    const { state } = JSON.parse(manifest) as { state: { points: number } };
    const text = fs.readFileSync(path.join(runFolder, 'metrics.jsonl'), 'utf8');
    return { points: state.points, lines: text.split('\n').slice(0, -1) };
  } catch (error) {
    throw new LabError(
      {
        code: 'CHECKPOINT_INVALID',
        message: l10n.t('The checkpoint "{0}" cannot be read.', checkpoint),
        found: error instanceof Error ? error.message : String(error),
        remedy: l10n.t('Choose another checkpoint, or start a new run.'),
      },
      { cause: error },
    );
  }
}
