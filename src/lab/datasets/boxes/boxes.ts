/** Pictures with boxes around the things in them, as a data set for object detection. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { checkKnown, checkObject, invalid } from '../../check';
import { loadContext } from '../../cells/loadContext';
import type { InMemoryDataset, LoadContext, PlainSplit } from '../../dataset';
import { stopIfCancelled } from '../errors';
import { notice } from '../notice';
import { checkSeed } from '../own/labelled';
import { checkPath, folderAt } from '../own/place';
import { splitAtRandom } from '../own/split';
import { nothingUsable, Unusable } from '../own/unusable';
import { checkFrame, checkTotal } from '../pictures/frame';
import { loadPictures } from '../pictures/load';
import { place as placeIn, type Fit, type Frame } from '../pictures/resize';
import {
  boxFolder,
  BOX_FORMATS,
  type AnnotatedPicture,
  type Annotations,
  type Box,
  type BoxFormat,
  type BoxFolder,
} from './annotations';
import { readCoco } from './coco';
import { readVoc } from './voc';
import { readYolo } from './yolo';

export interface BoxesOptions {
  /** Who wrote the annotations: 'voc', an XML for each picture; 'coco', one JSON; 'yolo', a text for each picture. */
  readonly format: BoxFormat;
  /** [height, width] in pixels that every picture is brought to; its boxes go with it. */
  readonly size: readonly [number, number];
  /** 3: red, green, blue; 1: grey. Default 3. */
  readonly channels?: 1 | 3;
  /** What becomes of a picture of other proportions; see `datasets.images`. Default 'contain', which loses nothing. */
  readonly fit?: Fit;
  /** Names in label order. Default: all that occur, in the order of the annotations or, with 'voc', of the alphabet. */
  readonly classes?: readonly string[];
  /** The share of the pictures for testing, drawn at random, or a folder like the other. Default 0.2. */
  readonly test?: number | string;
  /** Of the pictures for testing: the same seed gives the same. Default 1. */
  readonly seed?: number;
}

/** Pictures as bytes, boxes as numbers. */
export interface BoxesDataset extends InMemoryDataset {
  /** Rows of a target: as many as the picture with the most boxes has. */
  readonly mostBoxes: number;
}

const OWNER = 'datasets.boxes';
const OPTIONS = ['format', 'size', 'channels', 'fit', 'classes', 'test', 'seed'];
const READERS: Readonly<Record<BoxFormat, (folder: BoxFolder) => Annotations>> = {
  voc: readVoc,
  coco: readCoco,
  yolo: readYolo,
};

/** Numbers of a box: class, middle from the left and from the top, width, height. */
export const BOX_NUMBERS = 5;
/** In place of a class: there is no box any more. */
export const NO_BOX = -1;
/** Of a box that the frame cuts, so much has to be seen. */
const LEAST_SEEN = 0.25;

/**
 * Pictures with boxes around the things in them.
 *
 *   datasets.boxes('cards', { format: 'voc', size: [96, 96] })
 *
 * Annotations are read when this is called, so that the editor knows classes and counts; pictures in the training, once.
 * Boxes that are empty, outside of their picture or of an unknown class are left out and named, as are annotations without
 * a picture and pictures that cannot be read.
 *
 * @param folder A relative path means the folder of the model file.
 * @returns x bytes [height, width, channels] (a batch holds 0 … 1); y float32 [mostBoxes, 5]: class index, middle from the
 *   left, middle from the top, width and height as shares of the picture as the network sees it; −1, 0, 0, 0, 0 behind the
 *   last box. A row of zeros of a picture without a box has the class −1, too.
 * @throws LabError at once: EXPERIMENT_INVALID, DATA_MISSING, DATA_CORRUPT for annotations of another form, DATA_UNUSABLE;
 *   when loading DATA_UNUSABLE and CANCELLED.
 */
export function boxes(folder: string, options: BoxesOptions): BoxesDataset {
  const given = checkObject(OWNER, options);
  checkKnown(OWNER, given, OPTIONS);
  const source = checkSource(folder, given);
  const { name, frame } = source;
  const { classes, train, test, mostBoxes } = describe(source);
  checkTotal(OWNER, train.length + test.length, frame);
  return Object.freeze({
    name,
    kind: 'images',
    inputShape: Object.freeze([frame.height, frame.width, frame.channels]),
    classes: Object.freeze([...classes]),
    targetShape: Object.freeze([mostBoxes, BOX_NUMBERS]),
    train: train.length,
    test: test.length,
    licence: l10n.t('your own data'),
    mostBoxes,
    load: async (given) => {
      const context = loadContext(given);
      stopIfCancelled(context.signal);
      context.progress(l10n.t('Reading {0}', name), null);
      return await load(source, { classes, mostBoxes }, context);
    },
  } satisfies BoxesDataset);
}

interface Source {
  readonly name: string;
  readonly folder: string;
  readonly format: BoxFormat;
  readonly frame: Frame;
  readonly classes?: readonly string[];
  readonly test: number | string;
  readonly seed: number;
}

interface DescribedBoxes {
  readonly classes: readonly string[];
  readonly train: readonly AnnotatedPicture[];
  readonly test: readonly AnnotatedPicture[];
  readonly mostBoxes: number;
  readonly faults: Unusable;
}

function describe({ name, folder, format, classes: named, test, seed }: Source): DescribedBoxes {
  const faults = new Unusable();
  const own = READERS[format](boxFolder(folderAt(folder), faults, named));
  const found = [...new Set(own.pictures.flatMap((picture) => picture.boxes.map(({ label }) => label)))];
  const classes = named ?? own.classes ?? found.sort((a, b) => (a < b ? -1 : 1));
  // Classes are those of the training data: a test may lack some of them.
  const other =
    typeof test === 'string' ? READERS[format](boxFolder(folderAt(test), faults, classes)).pictures : undefined;
  const parts = other === undefined ? splitAtRandom(own.pictures.length, undefined, Number(test), seed) : undefined;
  const take = (rows: Int32Array): AnnotatedPicture[] => [...rows].flatMap((row) => own.pictures[row] ?? []);
  const [train, tested] = parts === undefined ? [own.pictures, other ?? []] : [take(parts.train), take(parts.test)];
  if (train.length === 0 || tested.length === 0) throw nothingUsable(name, train.length + tested.length, 2, faults);
  const mostBoxes = [...train, ...tested].reduce((most, picture) => Math.max(most, picture.boxes.length), 0);
  if (mostBoxes === 0) throw nothingUsable(l10n.t('{0}: boxes', name), 0, 1, faults);
  return { classes, train, test: tested, mostBoxes, faults };
}

async function load(
  source: Source,
  { classes, mostBoxes }: Pick<DescribedBoxes, 'classes' | 'mostBoxes'>,
  context: LoadContext,
): Promise<{ train: PlainSplit; test: PlainSplit }> {
  const { name, frame } = source;
  const { train, test, faults } = describe({ ...source, classes });
  const all = [...train, ...test];
  const pictures = await loadPictures(name, all, frame, context);
  const size = frame.height * frame.width * frame.channels;
  const y = new Float32Array(all.length * mostBoxes * BOX_NUMBERS);
  const x = new Uint8Array(all.length * size);
  let [used, decoded, trained] = [0, 0, 0];
  all.forEach((picture, place) => {
    const reason = pictures.unusable.get(place);
    if (reason !== undefined) {
      faults.add(`${picture.name}: ${reason}`);
      return;
    }
    const [from, seen] = [decoded * size, pictures.sizes[decoded] ?? ([1, 1] as const)] as const;
    decoded += 1;
    if (picture.size !== undefined && picture.size.join() !== seen.join()) {
      const [drawn, real] = [picture.size, seen].map((sides) => sides.join(' × '));
      faults.add(
        l10n.t('{0}: its boxes are drawn in a picture of {1}, it has {2}', picture.name, drawn ?? '', real ?? ''),
      );
      return;
    }
    x.set(pictures.pixels.subarray(from, from + size), used * size);
    const target = targetOf(picture, seen, frame, classes, mostBoxes);
    y.set(target, used * target.length);
    used += 1;
    if (place < train.length) trained = used;
  });
  if (trained === 0 || used === trained) throw nothingUsable(name, used, 2, faults);
  if (faults.count > 0) notice(context, faults.warning(name));
  const split = (from: number, to: number): PlainSplit => ({
    length: to - from,
    x: x.subarray(from * size, to * size),
    y: y.subarray(from * mostBoxes * BOX_NUMBERS, to * mostBoxes * BOX_NUMBERS),
  });
  return { train: split(0, trained), test: split(trained, used) };
}

/** float32 [mostBoxes, 5] of one picture. */
function targetOf(
  { boxes: all, relative }: AnnotatedPicture,
  [width, height]: readonly [number, number],
  frame: Frame,
  classes: readonly string[],
  mostBoxes: number,
): Float32Array {
  const target = new Float32Array(mostBoxes * BOX_NUMBERS);
  const framed = all.flatMap((box) => {
    const [across, down] = relative ? [width, height] : [1, 1];
    const inPixels = {
      left: box.left * across,
      right: box.right * across,
      top: box.top * down,
      bottom: box.bottom * down,
    };
    const sides = inFrame(inPixels, [width, height], frame);
    return sides === undefined ? [] : [[classes.indexOf(box.label), ...sides]];
  });
  for (let row = 0; row < mostBoxes; row++) target.set(framed[row] ?? [NO_BOX, 0, 0, 0, 0], row * BOX_NUMBERS);
  return target;
}

/** Middle and sides as shares of the frame; undefined for a box of which the frame shows too little. */
export function inFrame(
  { left, top, right, bottom }: Pick<Box, 'left' | 'top' | 'right' | 'bottom'>,
  [width, height]: readonly [number, number],
  frame: Frame,
): readonly [number, number, number, number] | undefined {
  const { source, target } = placeIn(width, height, frame);
  const across = (x: number): number => (target[0] + ((x - source[0]) / source[2]) * target[2]) / frame.width;
  const down = (y: number): number => (target[1] + ((y - source[1]) / source[3]) * target[3]) / frame.height;
  const whole = [across(left), down(top), across(right), down(bottom)] as const;
  const [x0, y0, x1, y1] = whole.map((side) => Math.min(1, Math.max(0, side))) as [number, number, number, number];
  const seen = ((x1 - x0) * (y1 - y0)) / ((whole[2] - whole[0]) * (whole[3] - whole[1]));
  return seen < LEAST_SEEN ? undefined : [(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0];
}

function checkSource(folder: unknown, given: Readonly<Record<string, unknown>>): Source {
  const place = checkPath(`${OWNER}: folder`, folder);
  const format = BOX_FORMATS.find((one) => one === given['format']);
  if (format === undefined) {
    const expected = BOX_FORMATS.map((one) => `'${one}'`).join(', ');
    throw invalid({ field: `${OWNER}: format`, expected, found: given['format'] });
  }
  const test = given['test'] ?? 0.2;
  if (!(typeof test === 'number' && test > 0 && test < 1) && typeof test !== 'string')
    throw invalid({
      field: `${OWNER}: test`,
      expected: l10n.t('a share above 0 and below 1, or a folder'),
      found: test,
    });
  const { classes } = given;
  const list: readonly unknown[] = Array.isArray(classes) ? classes : [];
  const named = list.filter((one): one is string => typeof one === 'string' && one !== '');
  if (classes !== undefined && (named.length === 0 || new Set(named).size !== list.length))
    throw invalid({ field: `${OWNER}: classes`, expected: l10n.t('different names'), found: classes });
  return {
    name: path.basename(path.resolve(place)),
    folder: place,
    format,
    frame: checkFrame(OWNER, given, 'contain'),
    ...(classes === undefined ? {} : { classes: named }),
    test: typeof test === 'string' ? checkPath(`${OWNER}: test`, test) : test,
    seed: checkSeed(OWNER, given['seed']),
  };
}
