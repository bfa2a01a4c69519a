/** FLAC and MP3, by the WebAssembly builds of libFLAC and mpg123. Loaded when the first such file is read. */
import * as l10n from '@vscode/l10n';
import type { FLACDecoder } from '@wasm-audio-decoders/flac';
import type { MPEGDecoder } from 'mpg123-decoder';
import { samplesSaid, tagEnd } from './content';
import type { Recording } from './wav';

/** So much is handed over at once: who wants the beginning of an hour does not wait for the rest. */
const PIECE = 256 * 1024;
/** What encoders of MP3 add before and after a recording, at most. */
const PADDING = 2 * 1_152 + 1_105;

interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly sampleRate: number;
  readonly bitDepth?: number;
}

/** @param seconds Little more is read than this. @throws Error whose message says what is wrong with the file */
export async function readFlac(bytes: Uint8Array, seconds: number): Promise<Recording> {
  const { FLACDecoder: Decoder } = await import('@wasm-audio-decoders/flac');
  const decoder: FLACDecoder = new Decoder();
  await decoder.ready;
  try {
    const pieces: Decoded[] = [];
    for (let place = 0; place < bytes.length && !enough(pieces, seconds); place += PIECE) {
      const piece = bytes.subarray(place, place + PIECE);
      pieces.push(await quietly(() => decoder.decode(piece)));
    }
    if (!enough(pieces, seconds)) pieces.push(await quietly(() => decoder.flush()));
    const recording = join(pieces);
    const bits = pieces.find(({ bitDepth = 0 }) => bitDepth > 0)?.bitDepth ?? 16;
    // The library divides by the largest number; all others by one more, so that both signs have the same steps.
    const scale = 1 - 2 ** (1 - bits);
    for (const channel of recording.channels) channel.forEach((value, i) => (channel[i] = value * scale));
    checkLength(recording, flacLength(bytes), seconds);
    return recording;
  } finally {
    decoder.free();
  }
}

/** As `readFlac`. */
export async function readMp3(bytes: Uint8Array, seconds: number): Promise<Recording> {
  const { MPEGDecoder: Decoder } = await import('mpg123-decoder');
  const decoder: MPEGDecoder = new Decoder();
  await decoder.ready;
  try {
    const pieces: Decoded[] = [];
    for (let place = 0; place < bytes.length && !enough(pieces, seconds); place += PIECE)
      pieces.push(quietly(() => decoder.decode(bytes.subarray(place, place + PIECE))));
    const recording = join(pieces);
    const said = samplesSaid(bytes);
    checkLength(recording, said === undefined ? 1 : Math.max(1, said - PADDING), seconds);
    return recording;
  } finally {
    decoder.free();
  }
}

/** More faults than this in a piece of a file: what is left is no sound. */
const FAULTS = 20;

/**
 * The libraries write each fault to the console, and mpg123's asks for more after each without end. They do their work before
 * they return, so that nobody else's words are lost.
 */
function quietly<T>(work: () => T): T {
  const { console: output } = globalThis;
  const usual = Object.getOwnPropertyDescriptor(output, 'error');
  let faults = 0;
  output.error = (): void => {
    faults += 1;
    if (faults > FAULTS) throw new Error(l10n.t('damaged: it cannot be decoded'));
  };
  try {
    return work();
  } finally {
    if (usual !== undefined) Object.defineProperty(output, 'error', usual);
  }
}

const samplesOf = (pieces: readonly Decoded[]): number =>
  pieces.reduce((sum, { samplesDecoded }) => sum + samplesDecoded, 0);

const rateOf = (pieces: readonly Decoded[]): number => pieces.find(({ sampleRate }) => sampleRate > 0)?.sampleRate ?? 0;

function enough(pieces: readonly Decoded[], seconds: number): boolean {
  const samples = samplesOf(pieces);
  return samples > 0 && samples >= seconds * rateOf(pieces);
}

function join(pieces: readonly Decoded[]): Recording {
  const used = pieces.filter(({ samplesDecoded }) => samplesDecoded > 0);
  const [first] = used;
  const length = samplesOf(used);
  const channels = (first?.channelData ?? []).map((_, channel) => {
    const whole = new Float32Array(length);
    let place = 0;
    for (const { channelData, samplesDecoded } of used) {
      whole.set(channelData[channel]?.subarray(0, samplesDecoded) ?? [], place);
      place += samplesDecoded;
    }
    return whole;
  });
  return { rate: rateOf(pieces), channels };
}

/** @param expected Samples that have to be there; 0: nobody knows, one at least */
function checkLength({ rate, channels }: Recording, expected: number, seconds: number): void {
  const found = channels[0]?.length ?? 0;
  const needed = Math.min(expected === 0 ? 1 : expected, Math.max(1, Math.floor(seconds * rate)));
  if (found >= needed && rate > 0) return;
  throw new Error(l10n.t('damaged or cut off: {0} of {1} samples can be read', found, Math.max(expected, 1)));
}

/** What STREAMINFO, the first block of a FLAC file, says of its length: 36 bits; 0 where it is not known (RFC 9639, 8.2). */
function flacLength(bytes: Uint8Array): number {
  const start = tagEnd(bytes);
  if (bytes[start] !== 'f'.charCodeAt(0) || bytes.length < start + 26) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  return (view.getUint8(21) & 15) * 2 ** 32 + view.getUint32(22);
}
