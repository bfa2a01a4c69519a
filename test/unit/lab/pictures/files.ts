/** Files of pictures written by hand, for tests. */
import zlib from 'node:zlib';

const CHANNELS = { grey: 1, colours: 3, palette: 1, greyAlpha: 2, alpha: 4 } as const;
const KIND = { grey: 0, colours: 2, palette: 3, greyAlpha: 4, alpha: 6 } as const;
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export interface PngOptions {
  readonly width: number;
  readonly height: number;
  readonly kind?: keyof typeof CHANNELS;
  readonly depth?: number;
  /** One of 0 to 4 for each row; default 0. */
  readonly filter?: (row: number) => number;
  readonly interlaced?: boolean;
  readonly palette?: readonly number[];
}

/** @param value of each sample, of `depth` bits */
export function png(options: PngOptions, value: (x: number, y: number, channel: number) => number): Buffer {
  const { width, height, kind = 'colours', depth = 8, filter = () => 0, interlaced = false, palette } = options;
  const channels = CHANNELS[kind];
  const step = Math.max(1, (channels * depth) >> 3);
  const rows: Buffer[] = [];
  for (const [x0, y0, dx, dy] of interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const)) {
    let above: Buffer | undefined;
    for (let y = y0; y < height && x0 < width; y += dy) {
      let bits = '';
      for (let x = x0; x < width; x += dx)
        for (let channel = 0; channel < channels; channel++)
          bits += value(x, y, channel).toString(2).padStart(depth, '0');
      const bytes = Buffer.from(
        (bits.padEnd(8 * Math.ceil(bits.length / 8), '0').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)),
      );
      rows.push(filtered(bytes, above, filter(y), step));
      above = bytes;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([depth, KIND[kind], 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    part('IHDR', head),
    ...(palette === undefined ? [] : [part('PLTE', Buffer.from(palette))]),
    part('IDAT', zlib.deflateSync(Buffer.concat(rows))),
    part('IEND', Buffer.alloc(0)),
  ]);
}

function part(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  checksum.writeUInt32BE(zlib.crc32(named));
  return Buffer.concat([length, named, checksum]);
}

function filtered(row: Buffer, above: Buffer | undefined, filter: number, step: number): Buffer {
  const bytes = Array.from(row, (byte, i) => {
    const a = row[i - step] ?? 0;
    const b = above?.[i] ?? 0;
    const c = above?.[i - step] ?? 0;
    const p = a + b - c;
    const paeth = [a, b, c].reduce((best, one) => (Math.abs(p - one) < Math.abs(p - best) ? one : best));
    return (byte - ([0, a, b, (a + b) >> 1, paeth][filter] ?? 0)) & 255;
  });
  return Buffer.from([filter, ...bytes]);
}

/** One colour all over. */
export const plainPng = (red: number, green: number, blue: number, side = 4): Buffer =>
  png({ width: side, height: side }, (_, __, channel) => [red, green, blue][channel] ?? 0);

/** The same JPEG with an EXIF part that has one entry: how it has to be turned. */
export function turnedJpeg(jpeg: Buffer, orientation: number, order: 'II' | 'MM' = 'MM'): Buffer {
  const little = order === 'II';
  const tiff = Buffer.alloc(26);
  const u16 = (value: number, at: number): unknown =>
    little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
  const u32 = (value: number, at: number): unknown =>
    little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at);
  tiff.write(order, 0, 'latin1');
  u16(42, 2);
  u32(8, 4);
  u16(1, 8);
  u16(0x0112, 10);
  u16(3, 12);
  u32(1, 14);
  u16(orientation, 18);
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
}
