/** WAV files: RIFF, RF64 and BW64, of PCM, floating point, A-law and µ-law. */
import * as l10n from '@vscode/l10n';

/** Samples of a recording, each channel behind the other. */
export interface Recording {
  /** Hz */
  readonly rate: number;
  readonly channels: readonly Float32Array[];
}

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly rate: number;
  /** Bytes of one sample of one channel. */
  readonly width: number;
}

const [PCM, FLOAT, A_LAW, MU_LAW, EXTENSIBLE] = [1, 3, 6, 7, 0xfffe];

/** What programs write that do not know how long a recording will be. */
const UNKNOWN_SIZE = 0x7fffff00;
/** Some programs count their header with the data. */
const HEADER = 64;

/**
 * @param seconds No more is read than this.
 * @throws Error whose message says what is wrong with the file. Source: Microsoft and IBM 1991, "Multimedia Programming
 *   Interface and Data Specifications 1.0"; EBU Tech 3306 for RF64
 */
export function readWav(bytes: Uint8Array, seconds: number): Recording {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Format | undefined;
  let size64: number | undefined;
  for (let place = 12; place + 8 <= bytes.length;) {
    const id = idAt(bytes, place);
    const size = view.getUint32(place + 4, true);
    const start = place + 8;
    if (id === 'ds64' && start + 16 <= bytes.length) size64 = Number(view.getBigUint64(start + 8, true));
    if (id === 'fmt ') format = formatOf(view, start, size);
    if (id === 'data') {
      if (format === undefined) throw new Error(l10n.t('the format is not said before the samples'));
      const whole = size === 0xffffffff && size64 !== undefined ? size64 : size;
      return samplesOf(view, start, lengthOf(whole, bytes.length - start, format), format, seconds);
    }
    place = start + size;
    // A chunk of odd size is followed by an empty byte, which some programs forget.
    if (size % 2 === 1 && !(isId(bytes, place) && !isId(bytes, place + 1))) place += 1;
  }
  throw new Error(l10n.t('a WAV file without samples, cut off after {0} bytes', bytes.length));
}

const idAt = (bytes: Uint8Array, place: number): string => String.fromCharCode(...bytes.subarray(place, place + 4));

const isId = (bytes: Uint8Array, place: number): boolean => /^[\x20-\x7e]{4}$/u.test(idAt(bytes, place));

function formatOf(view: DataView, start: number, size: number): Format {
  if (size < 16 || start + size > view.byteLength) throw new Error(l10n.t('its format is cut off'));
  const [channels, rate] = [view.getUint16(start + 2, true), view.getUint32(start + 4, true)];
  const [block, bits] = [view.getUint16(start + 12, true), view.getUint16(start + 14, true)];
  const given = view.getUint16(start, true);
  // The first two bytes of the longer name of the format are its code.
  const code = given === EXTENSIBLE && size >= 26 ? view.getUint16(start + 24, true) : given;
  const width = block > 0 && channels > 0 ? block / channels : Math.ceil(bits / 8);
  const known = { [PCM]: [1, 2, 3, 4], [FLOAT]: [4, 8], [A_LAW]: [1], [MU_LAW]: [1] }[code];
  if (known === undefined) throw new Error(l10n.t('WAV with the format {0}, which is not read', code));
  if (channels === 0 || rate === 0 || !known.includes(width))
    throw new Error(l10n.t('{0} channels, {1} Hz and {2} bits a sample are no sound', channels, rate, bits));
  return { code, channels, rate, width };
}

/** @returns how many bytes of samples there are, in whole blocks */
function lengthOf(said: number, there: number, { channels, width }: Format): number {
  const unknown = said === 0 || said >= UNKNOWN_SIZE;
  if (!unknown && said > there + HEADER)
    throw new Error(l10n.t('cut off: {0} of {1} bytes of samples are there', there, said));
  const block = channels * width;
  return Math.floor((unknown ? there : Math.min(said, there)) / block) * block;
}

function samplesOf(view: DataView, start: number, length: number, format: Format, seconds: number): Recording {
  const { channels, rate, width } = format;
  const read = readerOf(format);
  const samples = Math.min(length / (channels * width), Math.ceil(seconds * rate));
  return {
    rate,
    channels: Array.from({ length: channels }, (_, channel) => {
      const values = new Float32Array(samples);
      let place = start + channel * width;
      for (let i = 0; i < samples; i++, place += channels * width) values[i] = read(view, place);
      return values;
    }),
  };
}

function readerOf({ code, width }: Format): (view: DataView, place: number) => number {
  if (code === A_LAW) return (view, place) => aLaw(view.getUint8(place));
  if (code === MU_LAW) return (view, place) => muLaw(view.getUint8(place));
  if (code === FLOAT && width === 4) return (view, place) => view.getFloat32(place, true);
  if (code === FLOAT) return (view, place) => view.getFloat64(place, true);
  if (width === 1) return (view, place) => (view.getUint8(place) - 128) / 2 ** 7;
  if (width === 2) return (view, place) => view.getInt16(place, true) / 2 ** 15;
  if (width === 3) return (view, place) => (view.getUint16(place, true) + view.getInt8(place + 2) * 2 ** 16) / 2 ** 23;
  return (view, place) => view.getInt32(place, true) / 2 ** 31;
}

/** ITU-T G.711: bits inverted in turn, then sign, three bits of exponent, four of mantissa. */
function aLaw(byte: number): number {
  const bits = byte ^ 0x55;
  const [exponent, mantissa] = [(bits >> 4) & 7, bits & 15];
  const size = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
  return (bits >= 0x80 ? size : -size) / 2 ** 15;
}

/** ITU-T G.711: all bits inverted, else as A-law, with 132 added before the steps. */
function muLaw(byte: number): number {
  const bits = ~byte & 0xff;
  const size = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (bits >= 0x80 ? -size : size) / 2 ** 15;
}
