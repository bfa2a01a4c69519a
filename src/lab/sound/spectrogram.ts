/** How much of each frequency there is in a wave, moment by moment. */
import * as l10n from '@vscode/l10n';
import * as tf from '@tensorflow/tfjs';
import { checkInteger, checkKnown, checkObject, invalid } from '../check';

export interface FrameOptions {
  /** Samples in a frame, the stretch whose frequencies are told apart, e.g. 25 ms of them. At least 2. */
  readonly frame: number;
  /** Samples from the start of one frame to that of the next. Default: half a frame. */
  readonly hop?: number;
  /** Length of the Fourier transform, at least `frame`: frames are followed by zeros. Default: `frame`. */
  readonly fft?: number;
  /** By what a frame is multiplied, so that its ends make no frequencies of their own. Default 'hann'. */
  readonly window?: 'hann' | 'none';
}

export interface Frames {
  readonly frame: number;
  readonly hop: number;
  readonly fft: number;
  readonly window: 'hann' | 'none';
}

export const FRAME_OPTIONS = ['frame', 'hop', 'fft', 'window'];

/**
 * The power of each frequency: |Σ w(n) x(n) e^(-2πikn/fft)|², as librosa's stft with center=False.
 *
 * @param wave float32 [samples] or [batch, samples]
 * @returns float32 [frames, fft/2 + 1] or [batch, frames, fft/2 + 1], with 1 + ⌊(samples - frame) / hop⌋ frames
 * @throws LabError EXPERIMENT_INVALID. Source: Allen and Rabiner 1977, "A Unified Approach to Short-Time Fourier Analysis"
 */
export function spectrogram(wave: tf.Tensor, options: FrameOptions): tf.Tensor {
  const given = checkObject('sound.spectrogram', options);
  checkKnown('sound.spectrogram', given, FRAME_OPTIONS);
  return power(wave, checkFrames('sound.spectrogram', given));
}

/** @throws LabError EXPERIMENT_INVALID */
export function checkFrames(owner: string, given: Readonly<Record<string, unknown>>): Frames {
  const frame = checkInteger(`${owner}: frame`, given['frame'], { min: 2 });
  const hop = checkInteger(`${owner}: hop`, given['hop'] ?? Math.floor(frame / 2), { min: 1 });
  const fft = checkInteger(`${owner}: fft`, given['fft'] ?? frame, { min: frame });
  const window = given['window'] ?? 'hann';
  if (window !== 'hann' && window !== 'none')
    throw invalid({ field: `${owner}: window`, expected: "'hann', 'none'", found: window });
  return { frame, hop, fft, window };
}

/**
 * A product with the matrix of the transform, frame by frame: a convolution whose filters are windowed cosines and sines. Both
 * engines have it, with its gradient, and compile it.
 */
export function power(wave: tf.Tensor, frames: Frames): tf.Tensor {
  const { frame, hop, fft } = frames;
  const samples = wave.shape.at(-1) ?? 0;
  if (wave.rank < 1 || wave.rank > 2 || samples < frame) {
    const expected = l10n.t('[samples] or [batch, samples] with at least {0} samples', frame);
    throw invalid({ field: 'wave', expected, found: l10n.t('the shape [{0}]', wave.shape.join(', ')) });
  }
  const bins = Math.floor(fft / 2) + 1;
  return tf.tidy(() => {
    const filters = tf.tensor3d(transform(frames), [frame, 1, 2 * bins]);
    const parts = tf.conv1d(tf.reshape<tf.Rank.R3>(wave, [-1, samples, 1]), filters, hop, 'valid');
    const count = parts.shape[1];
    const both = tf.sum(tf.reshape(tf.square(parts), [-1, count, 2, bins]), 2);
    return wave.rank === 1 ? tf.reshape(both, [count, bins]) : both;
  });
}

let last: { readonly key: string; readonly values: Float32Array } | undefined;

/** [frame, 2 · bins]: cosines, then sines, under the window. The last one is kept: a training asks at each step. */
function transform({ frame, fft, window }: Frames): Float32Array {
  const key = `${frame} ${fft} ${window}`;
  if (last?.key === key) return last.values;
  const bins = Math.floor(fft / 2) + 1;
  const values = new Float32Array(frame * 2 * bins);
  for (let n = 0; n < frame; n++) {
    // Periodic: the window of the next sample would begin anew.
    const weight = window === 'hann' ? 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / frame) : 1;
    for (let k = 0; k < bins; k++) {
      const angle = (2 * Math.PI * ((n * k) % fft)) / fft;
      values[n * 2 * bins + k] = weight * Math.cos(angle);
      values[n * 2 * bins + bins + k] = -weight * Math.sin(angle);
    }
  }
  last = { key, values };
  return values;
}
