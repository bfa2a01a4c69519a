/** PNG (W3C, third edition) with Node's zlib: all colours, depths and both ways of interlacing. */
import * as l10n from '@vscode/l10n';
import zlib from 'node:zlib';
import { cutShort, damaged } from './formats';
import type { Picture } from './formats';

interface Form {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly channels: number;
  readonly indexed: boolean;
  readonly interlaced: boolean;
}

const CHANNELS: Readonly<Record<number, { readonly channels: number; readonly depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

/** Where the pixels of each pass begin, and how far they are apart: x, y, step of x, step of y. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const WHOLE = [[0, 0, 1, 1]] as const;

/** Of 16 bits, the upper 8. @throws NotUsable */
export function decodePng(bytes: Buffer): Picture {
  const parts = partsOf(bytes);
  const form = formOf(parts.get('IHDR')?.[0]);
  const { width, height, interlaced } = form;
  const passes = (interlaced ? ADAM7 : WHOLE).map(([x, y, dx, dy]) => ({
    ...{ x, y, dx, dy },
    width: Math.ceil((width - x) / dx),
    height: Math.ceil((height - y) / dy),
  }));
  const bits = form.depth * form.channels;
  const rowBytes = (columns: number): number => Math.ceil((columns * bits) / 8);
  const used = passes.filter((pass) => pass.width > 0 && pass.height > 0);
  const size = used.reduce((sum, pass) => sum + pass.height * (1 + rowBytes(pass.width)), 0);
  const data = inflate(Buffer.concat(parts.get('IDAT') ?? []), size);
  const paint = painter(form, parts.get('PLTE')?.[0], parts.get('tRNS')?.[0]);
  const pixels = new Uint8Array(4 * width * height);
  let at = 0;
  for (const pass of used) {
    const length = rowBytes(pass.width);
    unfilter(data, at, pass.height, length, Math.max(1, bits >> 3));
    for (let row = 0; row < pass.height; row++) {
      const to = 4 * ((pass.y + row * pass.dy) * width + pass.x);
      paint(data.subarray(at + 1, at + 1 + length), pass.width, pixels, to, 4 * pass.dx);
      at += 1 + length;
    }
  }
  const opaque = !parts.has('tRNS') && form.channels !== 2 && form.channels !== 4;
  return { width, height, pixels, opaque };
}

/** The parts that say what is seen, each held against its checksum. */
function partsOf(bytes: Buffer): Map<string, Buffer[]> {
  const parts = new Map<string, Buffer[]>();
  for (let at = 8; !parts.has('IEND');) {
    if (at + 12 > bytes.length) throw cutShort();
    const length = bytes.readUInt32BE(at);
    const name = bytes.toString('latin1', at + 4, at + 8);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) throw cutShort();
    if (['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'].includes(name)) {
      const checksum = zlib.crc32(bytes.subarray(at + 4, end));
      if (checksum !== bytes.readUInt32BE(end)) throw damaged(l10n.t('the checksum of {0} is another one', name));
      const same = parts.get(name) ?? [];
      same.push(bytes.subarray(at + 8, end));
      parts.set(name, same);
    }
    at = end + 4;
  }
  return parts;
}

function formOf(head: Buffer | undefined): Form {
  if (head?.length !== 13) throw damaged('IHDR');
  const [depth, colour, , , interlace] = head.subarray(8);
  const known = CHANNELS[colour ?? -1];
  if (known === undefined || !known.depths.includes(depth ?? 0) || (interlace ?? 2) > 1)
    throw damaged(l10n.t('colours of kind {0} with {1} bits', String(colour), String(depth)));
  return {
    width: head.readUInt32BE(0),
    height: head.readUInt32BE(4),
    depth: depth ?? 8,
    channels: known.channels,
    indexed: colour === 3,
    interlaced: interlace === 1,
  };
}

function inflate(data: Buffer, size: number): Buffer {
  let rows: Buffer;
  try {
    rows = zlib.inflateSync(data, { maxOutputLength: size });
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error));
  }
  if (rows.length < size) throw cutShort();
  return rows;
}

/** Takes back, in place, what was subtracted from each row; `step` bytes are one pixel. */
function unfilter(data: Buffer, from: number, height: number, length: number, step: number): void {
  for (let row = 0; row < height; row++) {
    const start = from + row * (length + 1) + 1;
    const above = row === 0 ? undefined : start - length - 1;
    const filter = data[start - 1] ?? 0;
    if (filter > 4) throw damaged(l10n.t('row {0} is written in no known way', row));
    if (filter === 0) continue;
    for (let i = 0; i < length; i++) {
      const left = i < step ? 0 : (data[start + i - step] ?? 0);
      const up = above === undefined ? 0 : (data[above + i] ?? 0);
      const corner = above === undefined || i < step ? 0 : (data[above + i - step] ?? 0);
      const guess =
        filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : nearest(left, up, corner);
      data[start + i] = ((data[start + i] ?? 0) + guess) & 255;
    }
  }
}

/** Of the three, the one nearest to left + up − corner (section 9.4, Paeth). */
function nearest(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

type Paint = (row: Buffer, columns: number, pixels: Uint8Array, to: number, step: number) => void;

function painter(form: Form, palette: Buffer | undefined, transparency: Buffer | undefined): Paint {
  const { depth, channels } = form;
  const bytes = depth === 16 ? 2 : 1;
  if (form.indexed) {
    if (palette === undefined || palette.length === 0) throw damaged('PLTE');
    return (row, columns, pixels, to, step) => {
      for (let x = 0; x < columns; x++) {
        const index = sample(row, x, depth);
        if (3 * index >= palette.length) throw damaged(l10n.t('colour {0} is not in the palette', index));
        pixels.set(palette.subarray(3 * index, 3 * index + 3), to + x * step);
        pixels[to + x * step + 3] = transparency?.[index] ?? 255;
      }
    };
  }
  const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  const colours = channels < 3 ? 1 : 3;
  const clear =
    transparency === undefined || channels === 2 || channels === 4 ? undefined : clearOf(transparency, colours);
  return (row, columns, pixels, to, step) => {
    for (let x = 0; x < columns; x++) {
      const at = x * channels * bytes;
      const out = to + x * step;
      let isClear = clear !== undefined;
      for (let colour = 0; colour < 3; colour++) {
        const from = at + (colours === 1 ? 0 : colour) * bytes;
        const value = depth < 8 ? sample(row, x, depth) : (row[from] ?? 0);
        pixels[out + colour] = value * scale;
        const whole = depth === 16 ? (value << 8) | (row[from + 1] ?? 0) : value;
        if (isClear && clear?.[colour] !== whole) isClear = false;
      }
      const alpha = channels === 2 || channels === 4 ? (row[at + (channels - 1) * bytes] ?? 255) : 255;
      pixels[out + 3] = isClear ? 0 : alpha;
    }
  };
}

/** The one colour that is transparent. */
function clearOf(transparency: Buffer, colours: number): readonly number[] {
  if (transparency.length < 2 * colours) throw damaged('tRNS');
  return [0, 1, 2].map((colour) => transparency.readUInt16BE(colours === 1 ? 0 : 2 * colour));
}

function sample(row: Buffer, x: number, depth: number): number {
  if (depth === 8) return row[x] ?? 0;
  const perByte = 8 / depth;
  const shift = 8 - depth * (1 + (x % perByte));
  return ((row[Math.floor(x / perByte)] ?? 0) >> shift) & (2 ** depth - 1);
}
