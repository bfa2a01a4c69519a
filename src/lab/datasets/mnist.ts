/** MNIST and Fashion-MNIST: the same format, the same sizes. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { checkKnown, checkObject } from '../check';
import type { InMemoryDataset, LoadContext, PlainSplit } from '../dataset';
import { dataCorrupt, dataMissing, labelOutOfRange, stopIfCancelled } from './errors';
import { readIdx } from './idx';
import { pick, selection, type ClassOptions, type ClassSizes, type Selection } from './subset';
import { loadContext } from '../cells/loadContext';

const SIDE = 28;
const CLASSES = 10;

export interface MnistOptions extends ClassOptions {
  /** Number of training images, the first ones, 1 to 60,000. Default: all. */
  readonly train?: number;
  /** Number of test images, the first ones, 1 to 10,000. Default: all. */
  readonly test?: number;
}

const FASHION_SIZES: ClassSizes = {
  train: new Array<number>(CLASSES).fill(6_000),
  test: new Array<number>(CLASSES).fill(1_000),
};
const DIGIT_SIZES: ClassSizes = {
  train: [5_923, 6_742, 5_958, 6_131, 5_842, 5_421, 5_918, 6_265, 5_851, 5_949],
  test: [980, 1_135, 1_032, 1_010, 982, 892, 958, 1_028, 974, 1_009],
};

interface Description {
  readonly id: string;
  readonly folder: string;
  readonly name: string;
  readonly classes: readonly string[];
  readonly licence: string;
  readonly sizes: ClassSizes;
}

/**
 * Fashion-MNIST: grey pictures of clothes from Zalando's shop.
 *
 * @param options How many images, and of which classes.
 * @returns Images [28, 28, 1] as bytes 0 … 255 (a batch holds 0 … 1), labels 0 … 9, or 0 … n − 1 for n `classes`.
 * @throws LabError EXPERIMENT_INVALID at once for a number out of range; when loading DATA_MISSING, DATA_CORRUPT,
 *   DATA_LABEL_RANGE. Source: Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747; MIT licence.
 */
export function fashionMnist(options: MnistOptions = {}): InMemoryDataset {
  const classes = [
    l10n.t('T-shirt/top'),
    l10n.t('Trouser'),
    l10n.t('Pullover'),
    l10n.t('Dress'),
    l10n.t('Coat'),
    l10n.t('Sandal'),
    l10n.t('Shirt'),
    l10n.t('Sneaker'),
    l10n.t('Bag'),
    l10n.t('Ankle boot'),
  ];
  const licence = l10n.t('Fashion-MNIST, Zalando SE 2017, MIT licence');
  const names = { id: 'fashionMnist', folder: 'fashion-mnist', name: 'Fashion-MNIST', classes, licence };
  return imagesOf({ ...names, sizes: FASHION_SIZES }, options);
}

/**
 * MNIST: handwritten digits.
 *
 * @param options How many images, and of which classes.
 * @returns Images [28, 28, 1] as bytes 0 … 255 (a batch holds 0 … 1), labels 0 … 9, or 0 … n − 1 for n `classes`.
 * @throws LabError EXPERIMENT_INVALID at once for a number out of range; when loading DATA_MISSING, DATA_CORRUPT,
 *   DATA_LABEL_RANGE. Source: LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning applied to document
 *   recognition"; CC BY-SA 3.0.
 */
export function mnist(options: MnistOptions = {}): InMemoryDataset {
  const classes = Array.from({ length: CLASSES }, (_, digit) => String(digit));
  const licence = l10n.t('MNIST, LeCun, Cortes and Burges, CC BY-SA 3.0');
  return imagesOf({ id: 'mnist', folder: 'mnist', name: 'MNIST', classes, licence, sizes: DIGIT_SIZES }, options);
}

function imagesOf(description: Description, options: unknown): InMemoryDataset {
  const { id, name, classes, licence, sizes } = description;
  const given = checkObject(`datasets.${id}`, options);
  checkKnown(`datasets.${id}`, given, ['train', 'test', 'classes']);
  const { selected, kept } = selection(id, given, sizes);
  return Object.freeze({
    name,
    kind: 'images',
    inputShape: Object.freeze([SIDE, SIDE, 1]),
    classes: Object.freeze(kept.map((label) => classes[label] ?? '')),
    targetShape: Object.freeze([]),
    train: selected.train,
    test: selected.test,
    licence,
    load: async (given) => {
      const context = loadContext(given);
      stopIfCancelled(context.signal);
      context.progress(l10n.t('Reading {0}', name), null);
      const folder = findFolder(description, context);
      const [trainSplit, testSplit] = await Promise.all([
        readSplit(description, folder, 'train', selected.train, selected.labels),
        readSplit(description, folder, 't10k', selected.test, selected.labels),
      ]);
      stopIfCancelled(context.signal);
      return { train: trainSplit, test: testSplit };
    },
  } satisfies InMemoryDataset);
}

/** The first folder that has anything of the set: a half-copied one is an error, not a reason to look elsewhere. */
function findFolder({ folder, name }: Description, { directories }: LoadContext): string {
  const candidates = directories.map((directory) => path.join(directory, folder));
  const found = candidates.find((candidate) => existing(path.join(candidate, 'train-images-idx3-ubyte')) !== undefined);
  if (found !== undefined) return found;
  throw dataMissing(
    name,
    path.join(folder, 'train-images-idx3-ubyte(.gz)'),
    candidates,
    l10n.t("Run 'npm start' in the lab's folder once: it prepares the data. Or install the extension again."),
  );
}

function existing(file: string): string | undefined {
  return [`${file}.gz`, file].find((candidate) => fs.existsSync(candidate));
}

async function readSplit(
  { name, folder: subfolder }: Description,
  folder: string,
  prefix: 'train' | 't10k',
  count: number,
  wanted: Selection['labels'],
): Promise<PlainSplit> {
  const fileOf = (ending: string): string => {
    const file = existing(path.join(folder, `${prefix}-${ending}`));
    if (file !== undefined) return file;
    const remedy = l10n.t('Copy all four files of {0} into the folder.', name);
    throw dataMissing(name, path.join(subfolder, `${prefix}-${ending}(.gz)`), [folder], remedy);
  };
  const imageFile = fileOf('images-idx3-ubyte');
  const labelFile = fileOf('labels-idx1-ubyte');
  const [images, labels] = await Promise.all([readIdx(imageFile, 3), readIdx(labelFile, 1)]);

  const [length = 0, height = 0, width = 0] = images.shape;
  if (height !== SIDE || width !== SIDE) {
    throw dataCorrupt(imageFile, l10n.t('images of {0} by {0}', SIDE), `${height}×${width}`);
  }
  if (labels.shape[0] !== length) {
    throw dataCorrupt(labelFile, l10n.t('{0} labels', length), l10n.t('{0} labels', labels.shape[0] ?? 0));
  }
  if (length < count) throw fewer(imageFile, count, length);
  const checked = wanted === undefined ? labels.data.subarray(0, count) : labels.data;
  checked.forEach((label, index) => {
    if (label >= CLASSES) throw labelOutOfRange(labelFile, index, label, CLASSES);
  });
  // Copies: a view would keep the whole file in memory.
  const picked = pick({ x: images.data, y: labels.data, length }, count, wanted);
  if (picked.length < count) throw fewer(imageFile, count, picked.length);
  return picked;
}

function fewer(file: string, count: number, found: number): Error {
  return dataCorrupt(file, l10n.t('at least {0} images', count), l10n.t('{0} images', found));
}
