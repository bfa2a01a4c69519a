/** Where set-up has put texts and vectors, and how texts are read. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import type { LoadContext } from '../../dataset';
import { dataCorrupt, dataMissing } from '../errors';
import { readWhole } from '../idx';

/**
 * The first folder of that name that has the file.
 * @throws LabError DATA_MISSING
 */
export function findPacked(
  folder: string,
  file: string,
  title: string,
  { directories, cacheDirectory }: LoadContext,
): string {
  const places = [...new Set([...directories, path.join(cacheDirectory, 'data')])];
  const candidates = places.map((directory) => path.join(directory, folder));
  const found = candidates.find((candidate) => fs.existsSync(path.join(candidate, file)));
  if (found !== undefined) return found;
  throw dataMissing(
    title,
    path.join(folder, file),
    candidates,
    l10n.t("Run 'npm start' in the lab's folder once: it prepares the data. Or install the extension again."),
  );
}

/**
 * A file of UTF-8, unpacked where its name ends in .gz.
 * @param remedy Where it is a file of the learner's own.
 * @throws LabError DATA_CORRUPT, with the line in which the bytes are no UTF-8
 */
export async function readText(file: string, remedy?: string): Promise<string> {
  return decodeUtf8(file, await readWhole(file), remedy);
}

/** @param file whose bytes they are @throws LabError DATA_CORRUPT as `readText` */
export function decodeUtf8(file: string, bytes: Buffer, remedy?: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw dataCorrupt(file, 'UTF-8', l10n.t('other bytes in line {0}', lineOfFault(bytes)), remedy);
  }
}

/** From 1. A line break is never part of another character in UTF-8. */
function lineOfFault(bytes: Buffer): number {
  for (let [line, from] = [1, 0]; ; line++) {
    const end = bytes.indexOf(0x0a, from);
    const part = bytes.subarray(from, end < 0 ? bytes.length : end);
    if (end < 0 || !Buffer.from(part.toString('utf8')).equals(part)) return line;
    from = end + 1;
  }
}
