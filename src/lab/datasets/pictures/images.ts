/** A learner's own pictures as a data set. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { checkKnown, checkObject, invalid } from '../../check';
import { loadContext } from '../../cells/loadContext';
import type { InMemoryDataset, LoadContext, PlainSplit } from '../../dataset';
import { LabError } from '../../../protocol/errors';
import { stopIfCancelled } from '../errors';
import { notice } from '../notice';
import { checkPath } from '../own/place';
import { checkSeed, checkTestFiles, type LabelledFile, type LabelledFolder } from '../own/labelled';
import { checkNaming, NAMING_OPTIONS, type NamingOptions } from '../own/naming';
import { nothingUsable } from '../own/unusable';
import type { TableOptions } from './classTable';
import { describeFolder, OWNER, type Source } from './described';
import { loadPictures } from './load';
import { checkFrame, checkTotal } from './frame';
import type { Fit, Frame } from './resize';

export type { Fit } from './resize';
export type { TableOptions } from './classTable';

export interface ImagesOptions extends NamingOptions {
  /** [height, width] in pixels that every picture is brought to. */
  readonly size: readonly [number, number];
  /** 3: red, green, blue; 1: grey. Default 3. */
  readonly channels?: 1 | 3;
  /**
   * What becomes of a picture of other proportions: 'cover' cuts off two sides, 'contain' adds black bars, 'stretch'
   * changes its proportions. Default 'cover'.
   */
  readonly fit?: Fit;
  /**
   * The share of the pictures for testing, drawn at random, of each class the same; or a folder like the other; or, with
   * `group`, the groups that are for testing. Default 0.2.
   */
  readonly test?: number | string | readonly string[];
  /** A table that names the class of each picture, in place of `label`. */
  readonly table?: TableOptions;
  /** Of the pictures for testing: the same seed gives the same. Default 1. */
  readonly seed?: number;
}

const OPTIONS = ['size', 'channels', 'fit', 'test', 'table', 'seed', ...NAMING_OPTIONS];

/**
 * Pictures in a folder: JPEG, PNG, GIF (the first frame), WebP and BMP, known by what is in them.
 *
 *   datasets.images('photos', { size: [96, 96] })     photos/cat/1.jpg, photos/cat/old/2.png, photos/dog/3.webp
 *
 * The files are listed when this is called, so that the editor knows classes and counts; none is read. When loading they
 * are decoded once and kept in the cache. What cannot be used is left out and named.
 *
 * @param folder A relative path means the folder of the model file. Each folder in it is a class, by its name.
 * @returns x bytes [height, width, channels], turned as EXIF says, what is transparent on white (a batch holds 0 … 1);
 *   y a class index.
 * @throws LabError at once: EXPERIMENT_INVALID, DATA_MISSING, DATA_UNUSABLE where there are fewer than two pictures,
 *   DATA_CORRUPT for a table that is none; when loading DATA_UNUSABLE and CANCELLED.
 */
export function images(folder: string, options: ImagesOptions): InMemoryDataset {
  const given = checkObject(OWNER, options);
  checkKnown(OWNER, given, OPTIONS);
  const frame = checkFrame(OWNER, given, 'cover');
  const source = checkSource(folder, given);
  const { classes, train, test } = describeFolder(source);
  const name = path.basename(path.resolve(source.folder));
  checkTotal(OWNER, train.length + test.length, frame);
  return Object.freeze({
    name,
    kind: 'images',
    inputShape: Object.freeze([frame.height, frame.width, frame.channels]),
    classes: Object.freeze([...classes]),
    targetShape: Object.freeze([]),
    train: train.length,
    test: test.length,
    licence: l10n.t('your own data'),
    load: async (given) => {
      const context = loadContext(given);
      stopIfCancelled(context.signal);
      context.progress(l10n.t('Reading {0}', name), null);
      // Files may have come or gone since the model file was read: what is trained on is what is there now.
      const now = describeFolder(source);
      if (now.classes.join('\n') !== classes.join('\n')) throw otherClasses(name, classes, now.classes);
      return await load(name, now, frame, context);
    },
  } satisfies InMemoryDataset);
}

async function load(
  name: string,
  { train, test, unusable }: LabelledFolder,
  frame: Frame,
  context: LoadContext,
): Promise<{ train: PlainSplit; test: PlainSplit }> {
  const all = [...train, ...test];
  const pictures = await loadPictures(name, all, frame, context);
  for (const [place, reason] of pictures.unusable) unusable.add(`${all[place]?.name ?? ''}: ${reason}`);
  const size = frame.height * frame.width * frame.channels;
  const isUsable = (place: number): boolean => !pictures.unusable.has(place);
  const trained = train.filter((_, place) => isUsable(place));
  const tested = test.filter((_, place) => isUsable(train.length + place));
  if (trained.length === 0 || tested.length === 0)
    throw nothingUsable(name, trained.length + tested.length, 2, unusable);
  if (unusable.count > 0) notice(context, unusable.warning(name));
  const cut = size * trained.length;
  return {
    train: splitOf(trained, pictures.pixels.subarray(0, cut)),
    test: splitOf(tested, pictures.pixels.subarray(cut)),
  };
}

function splitOf(pictures: readonly LabelledFile[], x: Uint8Array): PlainSplit {
  return { length: pictures.length, x, y: Int32Array.from(pictures, ({ label }) => label) };
}

function checkSource(folder: unknown, given: Readonly<Record<string, unknown>>): Source {
  const naming = checkNaming(OWNER, given);
  const table = given['table'] === undefined ? undefined : checkTable(`${OWNER}: table`, given['table']);
  if (table !== undefined && given['label'] !== undefined)
    throw invalid({ field: `${OWNER}: label`, expected: l10n.t('nothing beside "table"'), found: given['label'] });
  return {
    folder: checkPath(`${OWNER}: folder`, folder),
    test: checkTestFiles(OWNER, given['test'] ?? 0.2, naming),
    seed: checkSeed(OWNER, given['seed']),
    naming,
    ...(table === undefined ? {} : { table }),
  };
}

function checkTable(field: string, value: unknown): TableOptions {
  const given = checkObject(field, value);
  checkKnown(field, given, ['file', 'image', 'label']);
  const column = (name: 'image' | 'label'): string => {
    const found = given[name];
    if (typeof found === 'string' && found !== '') return found;
    throw invalid({ field: `${field}.${name}`, expected: l10n.t('the name of a column'), found });
  };
  return { file: checkPath(`${field}.file`, given['file']), image: column('image'), label: column('label') };
}

function otherClasses(name: string, before: readonly string[], now: readonly string[]): LabError {
  return new LabError({
    code: 'DATA_INVALID',
    message: l10n.t('{0}: the classes are other ones than when the model was made.', name),
    expected: before.join(', '),
    found: now.join(', '),
    remedy: l10n.t('Run again what calls datasets.images.'),
    field: 'data',
  });
}
