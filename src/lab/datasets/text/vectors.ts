/** Vectors of words and characters, as set-up has packed them: see src/setup/data/vectors.ts. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { fromFloat16 } from '../../../files/float16';
import type { LoadContext } from '../../dataset';
import { dataCorrupt } from '../errors';
import { findPacked, readText } from './packed';
import { readWhole } from '../idx';

export type VectorsName = 'glove' | 'characters';

interface VectorsInfo {
  readonly folder: string;
  readonly title: () => string;
  /** Numbers in a vector. */
  readonly width: number;
  readonly licence: () => string;
}

export const VECTORS: Readonly<Record<VectorsName, VectorsInfo>> = {
  glove: {
    folder: 'glove-50d',
    title: () => 'GloVe',
    width: 50,
    licence: () => l10n.t('vectors: GloVe, Pennington, Socher and Manning 2014, PDDL'),
  },
  characters: {
    folder: 'characters-128d',
    title: () => l10n.t('Chinese characters'),
    width: 128,
    licence: () => l10n.t('vectors of jieba, MIT licence'),
  },
};

/**
 * A vector for each of the most frequent words, float32 [width].
 * @throws LabError DATA_MISSING, DATA_CORRUPT
 */
export async function readVectors(
  name: VectorsName,
  context: LoadContext,
): Promise<{ readonly rows: ReadonlyMap<string, Float32Array>; readonly width: number }> {
  const { folder: subfolder, title, width } = VECTORS[name];
  const folder = findPacked(subfolder, 'words.txt.gz', title(), context);
  const words = (await readText(path.join(folder, 'words.txt.gz'))).trimEnd().split('\n');
  const file = path.join(folder, 'vectors.bin.gz');
  const bytes = await readWhole(file);
  const expected = words.length * width * Uint16Array.BYTES_PER_ELEMENT;
  if (bytes.length !== expected) {
    throw dataCorrupt(file, l10n.t('{0} bytes', expected), l10n.t('{0} bytes', bytes.length));
  }
  const halves = Uint16Array.from({ length: words.length * width }, (_, i) => bytes.readUInt16LE(2 * i));
  const numbers = fromFloat16(halves);
  return { rows: new Map(words.map((word, i) => [word, numbers.subarray(i * width, (i + 1) * width)])), width };
}
