/** Windows bitmaps: 1, 4 and 8 bits with a palette, 16, 24 and 32 bits, not compressed. */
import * as l10n from '@vscode/l10n';
import { cutShort, damaged, NotUsable } from './formats';
import type { Picture } from './formats';

/** BITMAPFILEHEADER. */
const FILE_HEADER = 14;
/** Values of biCompression: plain, and plain with masks for the colours. */
const [PLAIN, MASKS] = [0, 3];

/** @throws NotUsable */
export function decodeBmp(bytes: Buffer): Picture {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) throw cutShort();
    throw error;
  }
}

function decode(bytes: Buffer): Picture {
  const header = bytes.readUInt32LE(FILE_HEADER);
  const old = header === 12;
  const width = old ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const rows = old ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(old ? 24 : 28);
  const compression = old ? PLAIN : bytes.readUInt32LE(30);
  if (compression !== PLAIN && compression !== MASKS) throw new NotUsable(l10n.t('a compressed BMP'));
  if (![1, 4, 8, 16, 24, 32].includes(bits)) throw damaged(l10n.t('{0} bits a pixel', bits));
  const height = Math.abs(rows);
  const start = bytes.readUInt32LE(10);
  const stride = 4 * Math.ceil((width * bits) / 32);
  if (start + stride * height > bytes.length) throw cutShort();
  const at = FILE_HEADER + header;
  const entry = old ? 3 : 4;
  const colours = bits > 8 ? undefined : bytes.subarray(at, Math.min(start, at + entry * 2 ** bits));
  const channels = bits === 16 || bits === 32 ? channelsOf(bytes, bits, compression === MASKS, header) : undefined;
  const pixels = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    const row = start + stride * (rows < 0 ? y : height - 1 - y);
    for (let x = 0; x < width; x++) {
      const out = 4 * (y * width + x);
      pixels[out + 3] = 255;
      if (channels !== undefined) {
        const value = bits === 16 ? bytes.readUInt16LE(row + 2 * x) : bytes.readUInt32LE(row + 4 * x);
        channels.forEach((channel, place) => {
          if (channel.most > 0)
            pixels[out + place] = Math.round((((value & channel.mask) >>> channel.shift) * 255) / channel.most);
        });
        continue;
      }
      const from = colours === undefined ? row + 3 * x : entry * indexAt(bytes, row, x, bits);
      const source = colours ?? bytes;
      if (from + 3 > source.length) throw damaged(l10n.t('colour {0} is not in the palette', from / entry));
      for (let colour = 0; colour < 3; colour++) pixels[out + colour] = source[from + 2 - colour] ?? 0;
    }
  }
  return { width, height, pixels, opaque: (channels?.[3]?.most ?? 0) === 0 };
}

function indexAt(bytes: Buffer, row: number, x: number, bits: number): number {
  const perByte = 8 / bits;
  const shift = 8 - bits * (1 + (x % perByte));
  return ((bytes[row + Math.floor(x / perByte)] ?? 0) >> shift) & (2 ** bits - 1);
}

interface Channel {
  readonly mask: number;
  readonly shift: number;
  /** Its largest value; 0 where there is no such channel. */
  readonly most: number;
}

/** Red, green, blue, alpha. Without masks the bits are 5 of each colour, or 8. */
function channelsOf(bytes: Buffer, bits: number, masked: boolean, header: number): readonly Channel[] {
  const usual = bits === 16 ? [0x7c00, 0x03e0, 0x001f, 0] : [0x00ff0000, 0x0000ff00, 0x000000ff, 0];
  return usual.map((known, place) => {
    // A header of 40 bytes has the three masks behind it, and none for alpha.
    const mask = masked ? (place === 3 && header < 56 ? 0 : bytes.readUInt32LE(54 + 4 * place)) : known;
    if (mask === 0) return { mask, shift: 0, most: 0 };
    const shift = 31 - Math.clz32(mask & -mask);
    return { mask, shift, most: mask >>> shift };
  });
}
