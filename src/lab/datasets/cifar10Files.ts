/**
 * CIFAR-10's binary version: each image is 1 byte of label, then 1,024 bytes of red, of green and of blue, row by row;
 * 10,000 images a file. Source: https://www.cs.toronto.edu/~kriz/cifar.html
 */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { PlainSplit } from '../dataset';
import { dataCorrupt, labelOutOfRange } from './errors';
import { pick, type Selection } from './subset';

export const FOLDER = 'cifar-10-batches-bin';
export const TRAIN_FILES = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
export const TEST_FILES = ['test_batch.bin'];
export const SIDE = 32;
export const CLASSES = 10;
export const TRAIN = 50_000;
export const TEST = 10_000;

const PLANE = SIDE * SIDE;
export const RECORD = 1 + 3 * PLANE;
export const PER_FILE = 10_000;

/** How many images of these classes the folder's files hold from the first on without a gap. */
export async function available(
  folder: string,
  names: readonly string[],
  labels?: Selection['labels'],
): Promise<number> {
  let count = 0;
  for (const name of names) {
    const file = path.join(folder, name);
    const length = await recordsIn(file);
    count += length === undefined || labels === undefined ? (length ?? 0) : await kept(file, length, labels);
    if (length !== PER_FILE) break;
  }
  return count;
}

async function kept(file: string, length: number, labels: NonNullable<Selection['labels']>): Promise<number> {
  const bytes = await readStart(file, length * RECORD);
  let count = 0;
  for (let i = 0; i < length; i++) if (labels[bytes[i * RECORD] ?? CLASSES] !== undefined) count += 1;
  return count;
}

/** The first `count` images of these classes, channels last. There must be as many: see `available`. */
export async function readImages(
  folder: string,
  names: readonly string[],
  count: number,
  labels?: Selection['labels'],
): Promise<PlainSplit> {
  if (labels === undefined) return readFirst(folder, names, count);
  const parts: ReturnType<typeof pick>[] = [];
  let left = count;
  for (const name of names) {
    if (left === 0) break;
    const length = await recordsIn(path.join(folder, name));
    if (length === undefined) break;
    const part = pick(await readFirst(folder, [name], length), left, labels);
    parts.push(part);
    left -= part.length;
  }
  const [x, y] = [new Uint8Array(count * 3 * PLANE), new Int32Array(count)];
  let done = 0;
  for (const part of parts) {
    x.set(part.x, done * 3 * PLANE);
    y.set(part.y, done);
    done += part.length;
  }
  return { length: count, x, y };
}

async function readFirst(
  folder: string,
  names: readonly string[],
  count: number,
): Promise<PlainSplit & { readonly x: Uint8Array; readonly y: Int32Array }> {
  const x = new Uint8Array(count * 3 * PLANE);
  const y = new Int32Array(count);
  let done = 0;
  for (const name of names) {
    if (done >= count) break;
    const file = path.join(folder, name);
    const here = Math.min(count - done, PER_FILE);
    const bytes = await readStart(file, here * RECORD);
    for (let i = 0; i < here; i++) {
      const record = bytes.subarray(i * RECORD, (i + 1) * RECORD);
      const label = record[0] ?? CLASSES;
      if (label >= CLASSES) throw labelOutOfRange(file, i, label, CLASSES);
      y[done + i] = label;
      interleave(record.subarray(1), x.subarray((done + i) * 3 * PLANE, (done + i + 1) * 3 * PLANE));
    }
    done += here;
  }
  return { length: count, x, y };
}

/** Three planes to triples: [3, 32, 32] to [32, 32, 3]. */
function interleave(planes: Uint8Array, pixels: Uint8Array): void {
  for (let i = 0; i < PLANE; i++) {
    pixels[3 * i] = planes[i] ?? 0;
    pixels[3 * i + 1] = planes[PLANE + i] ?? 0;
    pixels[3 * i + 2] = planes[2 * PLANE + i] ?? 0;
  }
}

/** undefined when the file is not there. */
async function recordsIn(file: string): Promise<number | undefined> {
  let size: number;
  try {
    ({ size } = await fs.stat(file));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
  const records = size / RECORD;
  if (!Number.isInteger(records) || records === 0 || records > PER_FILE) {
    const whole = Math.min(PER_FILE, Math.max(1, Math.round(records)));
    throw dataCorrupt(
      file,
      l10n.t('{0} bytes, {1} images of {2} bytes', whole * RECORD, whole, RECORD),
      l10n.t('{0} bytes', size),
    );
  }
  return records;
}

async function readStart(file: string, length: number): Promise<Buffer> {
  const handle = await fs.open(file, 'r');
  try {
    const bytes = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await handle.read(bytes, done, length - done, done);
      if (bytesRead === 0) throw dataCorrupt(file, l10n.t('{0} bytes', length), l10n.t('{0} bytes', done));
      done += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}
