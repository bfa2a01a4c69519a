import * as l10n from '@vscode/l10n';
import { LabError } from '../protocol/errors';

/**
 * The text of a notebook's file, byte order mark included.
 * @throws LabError NOTEBOOK_ENCODING where the bytes are no UTF-8: what they mean would be lost with the next save.
 */
export function decodeNotebook(bytes: Uint8Array, file?: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const line = lineOfFault(bytes);
    throw new LabError(
      {
        code: 'NOTEBOOK_ENCODING',
        message: l10n.t('This notebook cannot be opened: its line {0} is not UTF-8 text.', line),
        expected: 'UTF-8',
        found: encodingOf(bytes),
        remedy: l10n.t('Open it with the text editor, choose its encoding, and save it with the encoding UTF-8.'),
        ...(file === undefined ? {} : { location: { file, line, column: 1 } }),
      },
      { cause: error },
    );
  }
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  return l10n.t('other bytes');
}

/** The first line, from 1, that is no UTF-8. */
function lineOfFault(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let begin = 0; begin < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, begin);
    try {
      decoder.decode(bytes.subarray(begin, end === -1 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end === -1) break;
    begin = end + 1;
  }
  return 1;
}
