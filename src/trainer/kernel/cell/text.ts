/** A cell as it is written, and what is wrong with it. */
import * as l10n from '@vscode/l10n';
import { LabError, type SourceLocation } from '../../../protocol/errors';
import type { CellLanguage } from '../../../protocol/kernel';

export interface CellText {
  /** Its URI. */
  readonly cell: string;
  readonly source: string;
  readonly language: CellLanguage;
}

export function notValid(text: string, location: SourceLocation | undefined): LabError {
  return new LabError({
    code: 'MODEL_SYNTAX',
    message: l10n.t('The cell is not valid TypeScript: {0}', text),
    remedy: l10n.t('Correct the marked place; the cause is often a bracket, a comma or a quote just before it.'),
    ...(location === undefined ? {} : { location }),
  });
}
