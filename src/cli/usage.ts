import * as l10n from '@vscode/l10n';
import { LabError } from '../protocol/errors';

/** What stands on the command line is not what `command` takes. */
export function badArgument(message: string, command: string): LabError {
  return new LabError({ code: 'ARGUMENT_INVALID', message, remedy: l10n.t('"{0} -- --help" shows how.', command) });
}
