import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { LabError } from '../../protocol/errors';

/** A model is to begin with another model file's weights, and that file was never trained to the end. */
export class BaseMissing extends LabError {
  /** @param modelFile absolute path of the file to train first */
  constructor(
    readonly modelFile: string,
    runsDirectory: string,
  ) {
    const name = path.basename(modelFile);
    super({
      code: 'BASE_MISSING',
      message: l10n.t('{0} has not been trained yet, and this model begins with its weights.', name),
      expected: l10n.t('a finished run of {0}', modelFile),
      found: l10n.t('none in {0}', runsDirectory),
      remedy: l10n.t('Run {0} first.', name),
      location: { file: modelFile, line: 1, column: 1 },
    });
  }
}

/** The file was changed after its newest run. */
export function baseChanged(modelFile: string, mismatch: LabError): LabError {
  const name = path.basename(modelFile);
  const { expected, found } = mismatch.data;
  return new LabError(
    {
      code: 'BASE_CHANGED',
      message: l10n.t('The weights of the newest run of {0} do not fit the model that it has now.', name),
      ...(expected === undefined ? {} : { expected }),
      ...(found === undefined ? {} : { found }),
      remedy: l10n.t('Run {0} again, or undo the change.', name),
      location: { file: modelFile, line: 1, column: 1 },
    },
    { cause: mismatch },
  );
}
