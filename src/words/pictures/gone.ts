import * as l10n from '@vscode/l10n';
import { LabError } from '../../protocol/errors';

/** The process has another model by now, or there is no process. */
export function pictureGone(): LabError {
  return new LabError({
    code: 'PICTURE_GONE',
    message: l10n.t('The model of this run is no longer in memory.'),
    remedy: l10n.t('Run the lesson again, or resume the run from its last checkpoint.'),
  });
}
