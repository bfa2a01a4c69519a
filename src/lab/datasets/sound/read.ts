/** A sound file as samples of one channel at one rate. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import { readFlac, readMp3 } from './compressed';
import { formOf } from './content';
import { resample } from './resample';
import { readWav, type Recording } from './wav';

export interface SoundForm {
  /** Hz */
  readonly rate: number;
  /** Longer ones are cut, shorter ones followed by silence. */
  readonly samples: number;
}

/**
 * @param file The content says what it is, not the name.
 * @returns [samples], -1 … 1; the mean of all channels
 * @throws Error whose message says why there is no sound in it
 */
export async function readSound(file: string, form: SoundForm): Promise<Float32Array> {
  return toForm(await decode(await fs.readFile(file), form.samples / form.rate), form);
}

/** @param seconds Little more is decoded than this. */
async function decode(bytes: Uint8Array, seconds: number): Promise<Recording> {
  const form = formOf(bytes);
  // The filter of another rate looks a little ahead.
  const wanted = seconds + 0.1;
  if (form === 'wav') return readWav(bytes, wanted);
  return form === 'flac' ? readFlac(bytes, wanted) : readMp3(bytes, wanted);
}

function toForm({ rate, channels }: Recording, form: SoundForm): Float32Array {
  const mono = mix(channels);
  if (mono.length === 0) throw new Error(l10n.t('no sample in it'));
  const odd = mono.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) throw new Error(l10n.t('sample {0} is {1}', odd, String(mono[odd])));
  const row = new Float32Array(form.samples);
  row.set(resample(mono, rate, form.rate, form.samples));
  return row;
}

function mix(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(), ...others] = channels;
  if (others.length === 0) return first;
  return first.map((value, i) => others.reduce((sum, other) => sum + (other[i] ?? 0), value) / channels.length);
}
