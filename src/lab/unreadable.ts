/** What stands where a file should be that cannot be opened, in words short enough for an error's "found". */
import * as l10n from '@vscode/l10n';
import { NotAFile } from '../files/read';

/** @param error of `openForReading` */
export function foundInstead(error: unknown): string {
  if (error instanceof NotAFile) return error.isFolder ? l10n.t('a folder') : l10n.t('a pipe or a device');
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return l10n.t('nothing');
  return error instanceof Error ? error.message : String(error);
}
