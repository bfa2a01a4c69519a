/** What a file is by its bytes, whatever its name says. */
import * as l10n from '@vscode/l10n';

export type SoundForm = 'wav' | 'flac' | 'mp3';

/** MPEG audio frames that have to follow on each other, so that no other bytes are taken for them. */
const FRAMES = 3;
/** Between tags and the first frame there may be something else. */
const SEARCHED = 8_192;

const text = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));

/** @throws Error whose message says what it is in place of a sound that can be read */
export function formOf(bytes: Uint8Array): SoundForm {
  if (bytes.length === 0) throw new Error(l10n.t('an empty file'));
  const start = text(bytes, 0, 4);
  const kind = text(bytes, 8, 4);
  if (['RIFF', 'RF64', 'BW64'].includes(start) && kind === 'WAVE') return 'wav';
  const behind = tagEnd(bytes);
  if (text(bytes, behind, 4) === 'fLaC') return 'flac';
  if (start === 'OggS' && text(bytes, 28, 5) === '\x7fFLAC') return 'flac';
  const other = otherForm(start, text(bytes, 4, 4), kind);
  if (other !== undefined) throw new Error(l10n.t('{0}, which is not read: save it as WAV, FLAC or MP3', other));
  for (let place = behind; place < Math.min(behind + SEARCHED, bytes.length); place++)
    if (framesFrom(bytes, place)) return 'mp3';
  throw new Error(l10n.t('no sound: it is none of WAV, FLAC and MP3'));
}

function otherForm(start: string, second: string, kind: string): string | undefined {
  if (start === 'OggS') return 'Ogg';
  if (second === 'ftyp') return 'MP4';
  if (start === 'FORM' && kind.startsWith('AIF')) return 'AIFF';
  if (start === '.snd') return 'AU';
  if (start === '\x1aE\xdf\xa3') return 'WebM';
  return undefined;
}

/** Behind a tag of ID3v2, whose size has seven bits in each byte. */
export function tagEnd(bytes: Uint8Array): number {
  if (text(bytes, 0, 3) !== 'ID3') return 0;
  const [, , , , , flags = 0, ...sizes] = bytes.subarray(0, 10);
  return 10 + sizes.reduce((sum, byte) => sum * 128 + (byte & 127), 0) + ((flags & 0x10) === 0 ? 0 : 10);
}

/**
 * How many samples of each channel an MP3 file says that it has, with what the encoder added before and after; undefined
 * where it says nothing. That stands in the first frame, which has no sound then (Xing's header).
 */
export function samplesSaid(bytes: Uint8Array): number | undefined {
  let place = tagEnd(bytes);
  const end = Math.min(place + SEARCHED, bytes.length);
  while (place < end && !framesFrom(bytes, place)) place += 1;
  const size = frameSize(bytes, place) ?? 0;
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset + place, Math.min(size, bytes.length - place));
  const said = Math.max(frame.indexOf('Xing', 0, 'latin1'), frame.indexOf('Info', 0, 'latin1'));
  if (said < 0 || said + 12 > frame.length || (frame.readUInt32BE(said + 4) & 1) === 0) return undefined;
  const version = ((frame[1] ?? 0) >> 3) & 3;
  return frame.readUInt32BE(said + 8) * (version === 3 ? 1_152 : 576);
}

/** A few frames behind one another; where the file ends earlier, as many as it has. */
function framesFrom(bytes: Uint8Array, from: number): boolean {
  let place = from;
  for (let count = 0; count < FRAMES; count++) {
    const size = frameSize(bytes, place);
    if (size === undefined) return false;
    place += size;
    if (place >= bytes.length) return count > 0 || place === bytes.length;
  }
  return true;
}

const V1_RATES = [44_100, 48_000, 32_000];
/** kbit/s of layer III by index: MPEG-1, and MPEG-2 with 2.5. */
const V1_KBITS = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const V2_KBITS = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/** Bytes of the frame of MPEG layer III that begins here (ISO 11172-3, 2.4.2.3); undefined where none does. */
function frameSize(bytes: Uint8Array, place: number): number | undefined {
  const [a = 0, b = 0, c = 0] = bytes.subarray(place, place + 3);
  const [version, layer] = [(b >> 3) & 3, (b >> 1) & 3];
  if (a !== 0xff || b < 0xe0 || version === 1 || layer !== 1) return undefined;
  const kbits = (version === 3 ? V1_KBITS : V2_KBITS)[c >> 4];
  const rate = V1_RATES[(c >> 2) & 3];
  if (kbits === undefined || kbits === 0 || rate === undefined) return undefined;
  const hertz = rate / (version === 3 ? 1 : version === 2 ? 2 : 4);
  return Math.floor(((version === 3 ? 144_000 : 72_000) * kbits) / hertz) + ((c >> 1) & 1);
}
