import * as l10n from '@vscode/l10n';
import path from 'node:path';
import type { NewerFormat } from '../files/schema';
import { LabError } from '../protocol/errors';

/** @param found what stands there instead, and where */
export function corrupt(folder: string, found: string, cause?: unknown): LabError {
  return new LabError(
    {
      code: 'RUN_CORRUPT',
      message: l10n.t('The run "{0}" cannot be read.', path.basename(folder)),
      found,
      remedy: l10n.t('Delete the run; other runs are not affected.'),
    },
    { cause },
  );
}

/** Nothing is wrong with it, and nothing of it is written over. @param name of the run, checkpoint or file */
export function newer(name: string, { known, found }: NewerFormat): LabError {
  return new LabError({
    code: 'FORMAT_NEWER',
    message: l10n.t('"{0}" was written by a newer version of the lab.', name),
    expected: l10n.t('format {0}', known),
    found: l10n.t('format {0}', found),
    remedy: l10n.t('Update the lab to use it. It is kept as it is.'),
  });
}

/** What came with a folder may be looked at; nothing goes on from it. */
export function foreign(folder: string): LabError {
  return new LabError({
    code: 'RUN_FOREIGN',
    message: l10n.t('The run "{0}" was not made here: it came with its folder.', path.basename(folder)),
    found: folder,
    remedy: l10n.t('If you know where it comes from, choose "Trust Run" in the Runs view and try again.'),
  });
}

export function unwritable(folder: string, cause: unknown): LabError {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? '';
  const message =
    code === 'ENOSPC'
      ? l10n.t('The disk is full: the run cannot be recorded.')
      : l10n.t("The run's folder cannot be written.");
  return new LabError(
    {
      code: 'RUN_FOLDER_UNWRITABLE',
      message,
      found: `${folder}${code === '' ? '' : ` (${code})`}`,
      remedy:
        code === 'ENOSPC'
          ? l10n.t('Free some space and run the lesson again; the last checkpoint is kept.')
          : l10n.t("Check the folder's permissions, or choose another folder in the settings."),
    },
    { cause },
  );
}

export function runMissing(run: string, folder: string): LabError {
  return new LabError({
    code: 'RUN_MISSING',
    message: l10n.t('There is no run "{0}".', run),
    expected: l10n.t('the id of a run, or its folder'),
    found: l10n.t('nothing at {0}', folder),
    remedy: l10n.t('The Runs view and the folder .lab/runs have the ids of all runs.'),
  });
}

export function noCheckpoint(title: string): LabError {
  return new LabError({
    code: 'CHECKPOINT_NONE',
    message: l10n.t('“{0}” has no checkpoint yet.', title),
    remedy: l10n.t('The first is written at the end of the first epoch.'),
  });
}
