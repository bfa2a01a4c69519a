import * as l10n from '@vscode/l10n';
import { stepFailed } from '../errors';

/** A file of an npm package is not what its publisher published. */
export function damagedSource(file: string, found: string): Error {
  return stepFailed(
    l10n.t('A data package is damaged: {0}.', file),
    l10n.t('Delete the folder node_modules and run the command again.'),
    found,
  );
}
