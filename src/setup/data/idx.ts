/** The IDX format of MNIST: a big-endian header (magic number, then each dimension), then the bytes. */
import { promisify } from 'node:util';
import zlib from 'node:zlib';

export const IMAGES_MAGIC = 0x803;
export const LABELS_MAGIC = 0x801;

/** The four files of a data set by their customary names, and how many examples each holds. */
export const FILES = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
} as const;

/** Bytes of an IDX file of images, shape [n, rows, columns]. */
export function encodeImages(pixels: Uint8Array, rows: number, columns: number): Buffer {
  return Buffer.concat([words(IMAGES_MAGIC, pixels.length / (rows * columns), rows, columns), pixels]);
}

/** Bytes of an IDX file of labels, shape [n]. */
export function encodeLabels(labels: Uint8Array): Buffer {
  return Buffer.concat([words(LABELS_MAGIC, labels.length), labels]);
}

function words(...values: number[]): Buffer {
  const header = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => header.writeUInt32BE(value, index * 4));
  return header;
}

/** What is wrong with an IDX file of `dimensions`, undefined when nothing is. */
export function idxFault(file: Buffer, magic: number, dimensions: readonly number[]): string | undefined {
  const header = words(magic, ...dimensions);
  if (!file.subarray(0, header.length).equals(header)) return `its header is not ${header.toString('hex')}`;
  const expected = header.length + dimensions.reduce((product, size) => product * size, 1);
  return file.length === expected ? undefined : `it has ${String(file.length)} bytes instead of ${String(expected)}`;
}

const compress = promisify(zlib.gzip) as (data: Buffer, options: zlib.ZlibOptions) => Promise<Buffer>;

export function gzip(data: Buffer): Promise<Buffer> {
  return compress(data, { level: 6 });
}
