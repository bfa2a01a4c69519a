/**
 * The IDX format of MNIST: 0, 0, a type, the number of axes, the sizes as big-endian 32-bit integers, then the numbers.
 * Source: LeCun, Cortes, Burges, "The MNIST database of handwritten digits".
 */
import * as l10n from '@vscode/l10n';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { NotAFile, openForReading } from '../../files/read';
import { foundInstead } from '../unreadable';
import { dataCorrupt } from './errors';

const UNSIGNED_BYTE = 0x08;
/** MNIST's largest file has 47 MB. */
const MOST_BYTES = 256 * 2 ** 20;

export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * Reads bytes of the given number of axes, from a plain or a gzip file.
 * @throws LabError DATA_CORRUPT with what was expected and found.
 */
export async function readIdx(file: string, axes: number): Promise<IdxArray> {
  const bytes = await readWhole(file);
  const header = 4 + 4 * axes;
  if (bytes.length < header) {
    throw dataCorrupt(file, l10n.t('a header of {0} bytes', header), l10n.t('{0} bytes', bytes.length));
  }
  const magic = bytes.readUInt32BE(0);
  const expectedMagic = (UNSIGNED_BYTE << 8) | axes;
  if (magic !== expectedMagic) {
    throw dataCorrupt(file, l10n.t('the magic number {0}', hex(expectedMagic)), hex(magic));
  }
  const shape = Array.from({ length: axes }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  const size = header + shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== size) {
    throw dataCorrupt(file, l10n.t('{0} bytes', size), l10n.t('{0} bytes', bytes.length));
  }
  return { shape, data: bytes.subarray(header) };
}

/**
 * A file's bytes, unpacked where its name ends in .gz: gzip's own check sum finds what is damaged inside.
 * @throws LabError DATA_CORRUPT
 */
export async function readWhole(file: string): Promise<Buffer> {
  const bytes = await bytesOf(file);
  if (!file.endsWith('.gz')) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw dataCorrupt(file, l10n.t('a whole gzip file'), l10n.t('{0} bytes that are not: {1}', bytes.length, reason));
  }
}

/** A pipe would be waited for, a device read without end. */
async function bytesOf(file: string): Promise<Buffer> {
  const handle = await openForReading(file).catch((error: unknown) => {
    if (!(error instanceof NotAFile)) throw error;
    throw dataCorrupt(file, l10n.t('a file'), foundInstead(error), l10n.t('Put a file in its place, or name another.'));
  });
  try {
    const { size } = await handle.stat();
    if (size > MOST_BYTES) throw dataCorrupt(file, l10n.t('at most {0} bytes', MOST_BYTES), l10n.t('{0} bytes', size));
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
