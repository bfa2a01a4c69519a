/** A learner's text file, however it is written. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { invalid } from '../../check';
import { dataCorrupt } from '../errors';
import { readWhole } from '../idx';
import { ENCODINGS, guessEncoding, type Encoding } from '../table/encoding';
import { decodeUtf8 } from './packed';

/** Bytes from which the encoding is guessed. */
const PEEK = 1024 * 1024;

/** @throws LabError EXPERIMENT_INVALID */
export function checkEncoding(field: string, value: unknown): Encoding | undefined {
  if (value === undefined || ENCODINGS.includes(value as Encoding)) return value as Encoding | undefined;
  throw invalid({ field, expected: ENCODINGS.map((one) => `'${one}'`).join(', '), found: value });
}

/**
 * Line breaks become \n, a byte order mark is no part of it.
 *
 * @param encoding Left out: UTF-8, UTF-16 or GBK, as the bytes are. Windows-1252, in which every byte is a character, has to be
 *   asked for.
 * @throws LabError DATA_CORRUPT, with the line of the first byte that is not of the encoding where that is UTF-8
 */
export async function readTextFile(file: string, encoding?: Encoding): Promise<string> {
  const bytes = await readWhole(file);
  const guessed = encoding ?? guessEncoding(bytes.subarray(0, PEEK));
  const known = encoding === undefined && guessed === 'windows-1252' ? 'utf-8' : guessed;
  const remedy = l10n.t("Save the file as UTF-8, or say how it is written, for example encoding: '{0}'.", 'gbk');
  if (known === 'utf-8') return decodeUtf8(file, bytes, remedy);
  try {
    return new TextDecoder(known, { fatal: true }).decode(bytes);
  } catch {
    throw dataCorrupt(path.basename(file), known, l10n.t('other bytes'), remedy);
  }
}
