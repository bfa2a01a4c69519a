/** A learner's own recordings as a data set. */
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { checkKnown, checkInteger, checkObject, checkPositive, invalid } from '../../check';
import { loadContext } from '../../cells/loadContext';
import type { InMemoryDataset, LoadContext, PlainSplit } from '../../dataset';
import { stopIfCancelled } from '../errors';
import { notice } from '../notice';
import { NumbersCache } from '../own/cache';
import { checkSeed, checkTestFiles, labelledFolder, type LabelledFile, type LabelledFolder } from '../own/labelled';
import { checkNaming, NAMING_OPTIONS, type NamingOptions } from '../own/naming';
import { checkPath } from '../own/place';
import { nothingUsable } from '../own/unusable';
import { readSound, type SoundForm } from './read';

export interface AudioOptions extends NamingOptions {
  /** How long a row is: what is longer is cut, what is shorter is followed by silence. */
  readonly seconds: number;
  /** Samples a second; recordings of another rate are resampled. Default 16,000. */
  readonly rate?: number;
  /**
   * The share of the files for testing, drawn at random, of each class the same; or another folder; or, with `group`, the
   * groups whose files are for testing, e.g. ['theo']. With `group` a share is made of whole groups. Default 0.2.
   */
  readonly test?: number | string | readonly string[];
  /** Of the files for testing: the same seed gives the same. Default 1. */
  readonly seed?: number;
}

/** Recordings, float32 [samples], -1 … 1. */
export interface AudioDataset extends InMemoryDataset {
  /** Samples a second. */
  readonly rate: number;
  /** Samples in a row. */
  readonly samples: number;
}

const EXTENSIONS = ['wav', 'wave', 'flac', 'mp3'];
const UNREADABLE = ['aac', 'aif', 'aiff', 'amr', 'au', 'caf', 'm4a', 'mp4', 'oga', 'ogg', 'opus', 'webm', 'wma'];

/** A row of 2^26 samples is 256 MB. */
const MOST_SAMPLES = 2 ** 26;

/**
 * Recordings in a folder: WAV of any rate and any number of channels, FLAC and MP3.
 *
 *   datasets.audio('sounds', { seconds: 1 })                                   a subfolder for each class
 *   datasets.audio('digits', { seconds: 1, rate: 8_000, names: '{digit}_{speaker}_{take}.wav', label: 'digit',
 *     group: 'speaker' })                                                      nobody is in both halves
 *
 * Names alone are looked at when this is called; what cannot be decoded is left out and named when it is loaded.
 *
 * @param folder A relative path means the folder of the model file.
 * @returns x float32 [samples], the mean of all channels, -1 … 1 (files of floating point numbers may go beyond); y a class
 *   index.
 * @throws LabError at once: EXPERIMENT_INVALID, DATA_MISSING, DATA_UNUSABLE where there are fewer than two files; when
 *   loading the same, DATA_UNUSABLE where nothing can be decoded, CANCELLED.
 */
export function audio(folder: string, options: AudioOptions): AudioDataset {
  const owner = 'datasets.audio';
  const place = checkPath(`${owner}: folder`, folder);
  const given = checkObject(owner, options);
  checkKnown(owner, given, ['seconds', 'rate', 'test', 'seed', ...NAMING_OPTIONS]);
  const rate = checkInteger(`${owner}: rate`, given['rate'] ?? 16_000, { min: 1_000, max: 384_000 });
  const samples = Math.round(checkPositive(`${owner}: seconds`, given['seconds']) * rate);
  if (samples < 1 || samples > MOST_SAMPLES) {
    const expected = l10n.t('1 to {0} samples in a row', MOST_SAMPLES);
    throw invalid({ field: `${owner}: seconds`, expected, found: given['seconds'] });
  }
  const naming = checkNaming(owner, given);
  const test = checkTestFiles(owner, given['test'] ?? 0.2, naming);
  const seed = checkSeed(owner, given['seed']);
  const look = (): LabelledFolder =>
    labelledFolder(place, { owner, extensions: EXTENSIONS, unreadable: UNREADABLE, naming, test, seed });
  const seen = look();
  const name = path.basename(path.resolve(place));
  return Object.freeze({
    name,
    kind: 'table',
    inputShape: Object.freeze([samples]),
    classes: Object.freeze([...seen.classes]),
    targetShape: Object.freeze([]),
    train: seen.train.length,
    test: seen.test.length,
    licence: l10n.t('your own data'),
    rate,
    samples,
    // Files may have come since the model file was read: what is trained on is what lies there now.
    load: async (context) => load(name, look(), { rate, samples }, loadContext(context)),
  } satisfies AudioDataset);
}

type Which = 'train' | 'test';

async function load(
  name: string,
  folder: LabelledFolder,
  form: SoundForm,
  context: LoadContext,
): Promise<Record<Which, PlainSplit>> {
  stopIfCancelled(context.signal);
  const rows = await readRows(name, folder, form, context);
  const { unusable } = folder;
  const split = (which: Which): PlainSplit => {
    const { x, y, length } = rows[which];
    if (length === 0) throw nothingUsable(`${name}: ${which}`, 0, 1, unusable);
    return { length, x: x.subarray(0, length * form.samples), y: y.subarray(0, length) };
  };
  const splits = { train: split('train'), test: split('test') };
  if (unusable.count > 0) notice(context, unusable.warning(name));
  return splits;
}

interface Rows {
  /** Rows that are filled. */
  length: number;
  readonly x: Float32Array;
  readonly y: Int32Array;
}

/** Folders with less than this, in bytes, are decoded faster than they are looked up. */
const CACHED_FROM = 2 ** 20;

async function readRows(
  name: string,
  folder: LabelledFolder,
  form: SoundForm,
  context: LoadContext,
): Promise<Record<Which, Rows>> {
  const files = [...folder.train, ...folder.test];
  const cache = new NumbersCache(context);
  const key = await keyOf(files, form, context);
  const known = key === undefined ? undefined : await cache.read(key, files.length * (1 + form.samples));
  /** A number for each file, 1 where it could be decoded, and behind them the rows of all. */
  const numbers = known ?? new Float32Array(files.length * (1 + form.samples));
  const tell = teller(context, l10n.t('Decoding {0}', name), files.length);
  const read = async (file: LabelledFile, place: number): Promise<void> => {
    await tell(place);
    if (numbers[place] === 1) return;
    try {
      numbers.set(await readSound(file.path, form), files.length + place * form.samples);
      numbers[place] = 1;
    } catch (error) {
      folder.unusable.add(`${file.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const [place, file] of files.entries()) await read(file, place);
  if (key !== undefined && known === undefined) await cache.write(key, numbers);
  const part = (from: number, part: readonly LabelledFile[]): Rows =>
    gather(
      numbers.subarray(from, from + part.length),
      numbers.subarray(files.length + from * form.samples),
      part,
      form,
    );
  return { train: part(0, folder.train), test: part(folder.train.length, folder.test) };
}

/** The rows of files that could be decoded move together, in place. */
function gather(usable: Float32Array, x: Float32Array, files: readonly LabelledFile[], { samples }: SoundForm): Rows {
  const rows = { length: 0, x, y: new Int32Array(files.length) };
  files.forEach(({ label }, place) => {
    if (usable[place] !== 1) return;
    if (place > rows.length) x.copyWithin(rows.length * samples, place * samples, (place + 1) * samples);
    rows.y[rows.length] = label;
    rows.length += 1;
  });
  return rows;
}

/** What the rows follow from: the content of all files, their order and the form. Undefined where decoding is quick. */
async function keyOf(
  files: readonly LabelledFile[],
  { rate, samples }: SoundForm,
  context: LoadContext,
): Promise<string | undefined> {
  let bytes = 0;
  for (const file of files) bytes += (await fs.stat(file.path)).size;
  if (bytes < CACHED_FROM) return undefined;
  const tell = teller(context, l10n.t('Comparing files'), files.length);
  const hash = createHash('sha256').update(`sound 1 ${rate} ${samples}`);
  for (const [place, file] of files.entries()) {
    await tell(place);
    const content = createHash('sha256')
      .update(await fs.readFile(file.path))
      .digest();
    hash.update(content);
  }
  return hash.digest('hex');
}

/** Says a few times a second how far it is, and lets a cancellation through. @throws LabError CANCELLED */
function teller({ progress, signal }: LoadContext, text: string, total: number): (done: number) => Promise<void> {
  let next = 0;
  return async (done) => {
    if (performance.now() < next) return;
    progress(text, done / total);
    await nextTurn();
    stopIfCancelled(signal);
    next = performance.now() + 100;
  };
}
