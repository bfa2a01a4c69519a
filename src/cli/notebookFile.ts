import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import { LabError } from '../protocol/errors';

/** @throws LabError NOTEBOOK_UNREADABLE */
export async function readNotebookFile(file: string): Promise<Uint8Array> {
  try {
    return await fs.readFile(file);
  } catch (error) {
    throw new LabError(
      {
        code: 'NOTEBOOK_UNREADABLE',
        message: l10n.t('The notebook {0} cannot be read.', file),
        ...(error instanceof Error ? { found: error.message } : {}),
        remedy: l10n.t('Check the path.'),
      },
      { cause: error },
    );
  }
}
