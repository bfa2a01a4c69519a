/** What kind of picture a file holds and how large it is, by its first bytes and not by its name. */
import * as l10n from '@vscode/l10n';

export type Format = 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp';

export interface Head {
  readonly format: Format;
  /** As stored: a camera that was held upright stores a picture on its side. */
  readonly width: number;
  readonly height: number;
  /** How what is stored has to be turned, 1 to 8 (EXIF 2.3, tag 0x0112). Only JPEGs say so. */
  readonly orientation: number;
}

/** As stored, not yet turned the right way. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, alpha: [height, width, 4]. */
  readonly pixels: Uint8Array | Uint8ClampedArray;
  /** Whether alpha is 255 everywhere. */
  readonly opaque: boolean;
}

/** Why a file cannot be used. */
export class NotUsable extends Error {}

export const cutShort = (): NotUsable => new NotUsable(l10n.t('the file ends too early'));
export const damaged = (what: string): NotUsable => new NotUsable(l10n.t('damaged: {0}', what));

/** @throws NotUsable for what is no picture, or ends before it says its size */
export function headOf(bytes: Buffer): Head {
  try {
    const head = readHead(bytes);
    if (head.width > 0 && head.height > 0) return head;
    throw damaged(l10n.t('a size of {0}', `${head.width} × ${head.height}`));
  } catch (error) {
    if (error instanceof RangeError) throw cutShort();
    throw error;
  }
}

const startsWith = (bytes: Buffer, text: string, at = 0): boolean =>
  bytes.toString('latin1', at, at + text.length) === text;

function readHead(bytes: Buffer): Head {
  const plain = (format: Format, width: number, height: number): Head => ({ format, width, height, orientation: 1 });
  if (bytes.length === 0) throw new NotUsable(l10n.t('an empty file'));
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return readJpegHead(bytes);
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return plain('png', bytes.readUInt32BE(16), bytes.readUInt32BE(20));
  if (/^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)))
    return plain('gif', bytes.readUInt16LE(6), bytes.readUInt16LE(8));
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return plain('webp', ...webpSize(bytes));
  if (startsWith(bytes, 'BM') && bytes.length > 18) return plain('bmp', ...bmpSize(bytes));
  throw new NotUsable(l10n.t('no picture that can be read (JPEG, PNG, GIF, WebP or BMP)'));
}

/** RFC 9649, section 2: a plain, a lossless or an extended file. */
function webpSize(bytes: Buffer): [number, number] {
  const kind = bytes.toString('latin1', 12, 16);
  if (kind === 'VP8X') return [1 + bytes.readUIntLE(24, 3), 1 + bytes.readUIntLE(27, 3)];
  if (kind === 'VP8L') {
    const sizes = bytes.readUInt32LE(21);
    return [1 + (sizes & 0x3fff), 1 + ((sizes >>> 14) & 0x3fff)];
  }
  if (kind === 'VP8 ') return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
  throw damaged(l10n.t('no part of WebP is called {0}', JSON.stringify(kind)));
}

function bmpSize(bytes: Buffer): [number, number] {
  if (bytes.readUInt32LE(14) === 12) return [bytes.readUInt16LE(18), bytes.readUInt16LE(20)];
  return [bytes.readInt32LE(18), Math.abs(bytes.readInt32LE(22))];
}

/** The parts of a JPEG up to the one that says its size (ITU T.81, annex B). */
function readJpegHead(bytes: Buffer): Head {
  let orientation = 1;
  for (let at = 2; ;) {
    if (bytes.readUInt8(at) !== 0xff) throw damaged(l10n.t('no part of a JPEG begins at byte {0}', at));
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1; // any number of them may fill a gap
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
      return { format: 'jpeg', width, height, orientation };
    }
    const length = bytes.readUInt16BE(at + 2);
    if (marker === 0xe1 && startsWith(bytes, 'Exif\0\0', at + 4))
      orientation = orientationIn(bytes.subarray(at + 10, at + 2 + length)) ?? orientation;
    at += 2 + length;
  }
}

const ORIENTATION = 0x0112;

/** @param exif a TIFF file; whatever is wrong with it is no reason to refuse the picture */
function orientationIn(exif: Buffer): number | undefined {
  try {
    const little = startsWith(exif, 'II');
    const u16 = (at: number): number => (little ? exif.readUInt16LE(at) : exif.readUInt16BE(at));
    const u32 = (at: number): number => (little ? exif.readUInt32LE(at) : exif.readUInt32BE(at));
    const folder = u32(4);
    for (let entry = 0; entry < u16(folder); entry++) {
      const at = folder + 2 + 12 * entry;
      if (u16(at) === ORIENTATION) {
        const value = u16(at + 8);
        return value >= 1 && value <= 8 ? value : undefined;
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return undefined;
}
