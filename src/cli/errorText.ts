/** An error as a terminal shows it: what happened, where, what to do. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { replaceFileSync } from '../files/replace';
import type { LabErrorData } from '../protocol/errors';
import { plain } from '../words/plain';

export function errorText(error: LabErrorData): string {
  const lines = [error.message];
  // Some messages say what was expected and found themselves.
  const said = [error.expected, error.found].every((text) => text === undefined || error.message.includes(text));
  if (error.location !== undefined) {
    const { file, line, column } = error.location;
    lines.push(`  ${file}:${String(line)}:${String(column)}`);
  }
  if (error.expected !== undefined && !said) lines.push(`  ${l10n.t('expected: {0}', error.expected)}`);
  if (error.found !== undefined && !said) lines.push(`  ${l10n.t('found: {0}', error.found)}`);
  if (error.remedy !== undefined) lines.push(error.remedy);
  return plain(lines.join('\n'));
}

/** Long technical text does not help in a terminal; it goes to a file. Returns its path. */
export function saveDetails(error: LabErrorData, cache: string): string | undefined {
  if (error.details === undefined || error.details === '') return undefined;
  const file = path.join(cache, 'logs', 'last-error.log');
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const text = `${new Date().toISOString()} ${error.code}: ${error.message}\n\n${error.details}\n`;
    replaceFileSync(file, text, { mode: 0o600 });
    return file;
  } catch {
    return undefined; // the cache itself may be what cannot be written; the error above says so
  }
}
