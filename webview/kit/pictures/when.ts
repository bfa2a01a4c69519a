import * as l10n from '@vscode/l10n';
import { count, epochText } from '../text/format';

/** Which moment of the training a picture shows. */
export function whenText({ epoch, step }: { readonly epoch: number; readonly step: number }): string {
  return l10n.t('After epoch {0}, step {1}', epochText(epoch), count(step));
}
