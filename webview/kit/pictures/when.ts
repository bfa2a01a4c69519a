import * as l10n from '@vscode/l10n';
import { count, epochPosition } from '../../../src/words/numbers';

/** Which moment of the training a picture shows. */
export function whenText({ epoch, step }: { readonly epoch: number; readonly step: number }): string {
  return l10n.t('After epoch {0}, step {1}', epochPosition(epoch), count(step));
}
