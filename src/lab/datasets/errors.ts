import * as l10n from '@vscode/l10n';
import { LabError } from '../../protocol/errors';

export function cancelled(): LabError {
  return new LabError({ code: 'CANCELLED', message: l10n.t('Loading the data was cancelled.') });
}

/** Ends work that nobody waits for any more. */
export function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

export function dataMissing(name: string, wanted: string, directories: readonly string[], remedy: string): LabError {
  return new LabError({
    code: 'DATA_MISSING',
    message: l10n.t('The data of {0} is not on this machine.', name),
    expected: wanted,
    found: directories.length === 0 ? l10n.t('no folder for data') : l10n.t('nothing in {0}', directories.join(', ')),
    remedy,
  });
}

export function dataCorrupt(
  file: string,
  expected: string,
  found: string,
  remedy = l10n.t('Delete the file and get the data again.'),
): LabError {
  return new LabError({
    code: 'DATA_CORRUPT',
    message: l10n.t('{0} is damaged or not what its name says: expected {1}, found {2}.', file, expected, found),
    expected,
    found,
    remedy,
  });
}

export function labelOutOfRange(file: string, index: number, label: number, classes: number): LabError {
  return new LabError({
    code: 'DATA_LABEL_RANGE',
    message: l10n.t('{0}: label {1} of example {2} is not one of the {3} classes.', file, label, index, classes),
    expected: l10n.t('labels from 0 to {0}', classes - 1),
    found: String(label),
    remedy: l10n.t('Delete the file and get the data again.'),
  });
}

/** @param field what is empty, e.g. "train.texts[3]" */
export function textEmpty(field: string, text: string, remedy: string): LabError {
  return new LabError({
    code: 'TEXT_EMPTY',
    message: l10n.t('{0}: there is no token in this text.', field),
    expected: l10n.t('at least one token'),
    found: JSON.stringify(text.slice(0, 40)),
    remedy,
    field: 'data',
  });
}

export function downloadFailed(url: string, reason: string, cause?: unknown): LabError {
  return new LabError(
    {
      code: 'DATA_DOWNLOAD',
      message: l10n.t('{0} could not be downloaded: {1}', url, reason),
      found: reason,
      remedy: l10n.t(
        'Check the connection and start again, or put the files into a folder of your own and name it in the setting deepLearningLab.data.directory (in a terminal: --data).',
      ),
    },
    cause === undefined ? undefined : { cause },
  );
}
