import * as l10n from '@vscode/l10n';
import { LabError } from '../../protocol/errors';

/** What belongs into a cell was called elsewhere. */
export function outsideOfCell(call: string): LabError {
  return new LabError({
    code: 'CELL_OUTSIDE',
    message: l10n.t("'{0}' belongs into a cell of a notebook.", call),
    found: l10n.t('a call from elsewhere'),
    remedy: l10n.t('Call it in a cell, or in a function that a cell calls.'),
  });
}
