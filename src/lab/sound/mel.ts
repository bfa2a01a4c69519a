/** The mel scale, on which equal steps sound equally far apart. */
import * as tf from '@tensorflow/tfjs';
import { checkInteger, checkKnown, checkNumber, checkObject, checkPositive, invalid } from '../check';
import { checkFrames, FRAME_OPTIONS, power, type FrameOptions } from './spectrogram';

/**
 * htk: 2595 log10(1 + f / 700), triangles of height 1, as HTK and TensorFlow. slaney: straight up to 1,000 Hz, then
 * logarithmic, triangles of equal area, as librosa's default.
 */
export type MelScale = 'htk' | 'slaney';

export interface MelOptions {
  /** Samples a second. */
  readonly rate: number;
  /** Number of bands. Default 40. */
  readonly mels?: number;
  /** Hz at which the lowest band begins. Default 20. */
  readonly from?: number;
  /** Hz at which the highest band ends. Default: half of `rate`. */
  readonly to?: number;
  /** Default 'slaney'. */
  readonly scale?: MelScale;
}

export interface LogMelOptions extends MelOptions, FrameOptions {
  /** Less power than this counts as this, so that silence has a logarithm. Default 1e-6. */
  readonly floor?: number;
}

const MEL_OPTIONS = ['rate', 'mels', 'from', 'to', 'scale'];

/** Of Slaney's scale: Hz a mel below the bend, Hz of the bend, and mels for each factor of 6.4 above it. */
const [STRAIGHT, BEND, ABOVE] = [200 / 3, 1_000, 27];

/** @param hertz at least 0 @throws LabError EXPERIMENT_INVALID */
export function melOfHertz(hertz: number, scale: MelScale = 'slaney'): number {
  checkNumber('hertz', hertz, 0);
  if (checkScale('scale', scale) === 'htk') return 2_595 * Math.log10(1 + hertz / 700);
  if (hertz < BEND) return hertz / STRAIGHT;
  return BEND / STRAIGHT + (ABOVE * Math.log(hertz / BEND)) / Math.log(6.4);
}

/** The inverse of `melOfHertz`. @throws LabError EXPERIMENT_INVALID */
export function hertzOfMel(mel: number, scale: MelScale = 'slaney'): number {
  checkNumber('mel', mel, 0);
  if (checkScale('scale', scale) === 'htk') return 700 * (10 ** (mel / 2_595) - 1);
  const bend = BEND / STRAIGHT;
  return mel < bend ? mel * STRAIGHT : BEND * 6.4 ** ((mel - bend) / ABOVE);
}

/**
 * What each band takes of each frequency: triangles that overlap by half, at equal steps on the mel scale.
 *
 * @param options with `fft`, the length of the Fourier transform
 * @returns float32 [fft/2 + 1, mels]
 * @throws LabError EXPERIMENT_INVALID. Sources: Young and others 2006, "The HTK Book", 5.4; Slaney 1998, "Auditory Toolbox"
 */
export function melFilters(options: MelOptions & { readonly fft: number }): tf.Tensor2D {
  const owner = 'sound.melFilters';
  const given = checkObject(owner, options);
  checkKnown(owner, given, [...MEL_OPTIONS, 'fft']);
  const fft = checkInteger(`${owner}: fft`, given['fft'], { min: 2 });
  return filters(checkMels(owner, given), fft);
}

/**
 * The logarithm of the power in each band of the mel scale: what networks of speech begin with.
 *
 *   sound.logMel(wave, { rate: 16_000, frame: 400, hop: 160, mels: 40 })
 *
 * @param wave float32 [samples] or [batch, samples]
 * @returns float32 [frames, mels] or [batch, frames, mels]; the natural logarithm
 * @throws LabError EXPERIMENT_INVALID. Source: Davis and Mermelstein 1980, "Comparison of Parametric Representations"
 */
export function logMel(wave: tf.Tensor, options: LogMelOptions): tf.Tensor {
  const owner = 'sound.logMel';
  const given = checkObject(owner, options);
  checkKnown(owner, given, [...MEL_OPTIONS, ...FRAME_OPTIONS, 'floor']);
  const frames = checkFrames(owner, given);
  const mels = checkMels(owner, given);
  const floor = checkPositive(`${owner}: floor`, given['floor'] ?? 1e-6);
  return tf.tidy(() => {
    const powers = power(wave, frames);
    const bins = powers.shape.at(-1) ?? 0;
    const bands = tf.matMul(tf.reshape<tf.Rank.R2>(powers, [-1, bins]), filters(mels, frames.fft));
    return tf.reshape(tf.log(tf.maximum(bands, floor)), [...powers.shape.slice(0, -1), mels.mels]);
  });
}

type Mels = Required<MelOptions>;

function checkMels(owner: string, given: Readonly<Record<string, unknown>>): Mels {
  const rate = checkInteger(`${owner}: rate`, given['rate'], { min: 1 });
  const from = checkNumber(`${owner}: from`, given['from'] ?? 20, 0, rate / 2);
  const to = checkNumber(`${owner}: to`, given['to'] ?? rate / 2, from, rate / 2);
  const mels = checkInteger(`${owner}: mels`, given['mels'] ?? 40, { min: 1 });
  if (to === from) throw invalid({ field: `${owner}: to`, expected: `> ${from}`, found: to });
  return { rate, mels, from, to, scale: checkScale(`${owner}: scale`, given['scale'] ?? 'slaney') };
}

function checkScale(field: string, value: unknown): MelScale {
  if (value === 'htk' || value === 'slaney') return value;
  throw invalid({ field, expected: "'htk', 'slaney'", found: value });
}

function filters({ rate, mels, from, to, scale }: Mels, fft: number): tf.Tensor2D {
  const bins = Math.floor(fft / 2) + 1;
  const [low, high] = [melOfHertz(from, scale), melOfHertz(to, scale)];
  const edges = Array.from({ length: mels + 2 }, (_, i) => hertzOfMel(low + ((high - low) * i) / (mels + 1), scale));
  const values = new Float32Array(bins * mels);
  for (let band = 0; band < mels; band++) {
    const [start = 0, middle = 0, end = 0] = edges.slice(band, band + 3);
    const height = scale === 'slaney' ? 2 / (end - start) : 1;
    for (let bin = 0; bin < bins; bin++) {
      const hertz = (bin * rate) / fft;
      const share = Math.min((hertz - start) / (middle - start), (end - hertz) / (end - middle));
      values[bin * mels + band] = height * Math.max(0, share);
    }
  }
  return tf.tensor2d(values, [bins, mels]);
}
