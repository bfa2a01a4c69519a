import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { setLocale } from '../../words/numbers';

/** What is shared speaks through @vscode/l10n, which knows nothing of VS Code's language by itself. */
export function configureTexts(): void {
  setLocale(vscode.env.language);
  if (vscode.l10n.bundle !== undefined) l10n.config({ contents: vscode.l10n.bundle });
}

/** As the command palette shows it: what errors of the engine tell to run. */
export const prepareCommand = (): string => vscode.l10n.t('Deep Learning Lab: Prepare TensorFlow Engine');
