/** MNIST and Fashion-MNIST: the same format, the same sizes. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { checkInteger, checkKnown, checkObject } from '../check';
import type { Dataset, LoadContext, Split } from '../dataset';
import { dataCorrupt, dataMissing, labelOutOfRange, stopIfCancelled } from './errors';
import { readIdx } from './idx';

const SIDE = 28;
const CLASSES = 10;
const TRAIN = 60_000;
const TEST = 10_000;

export interface MnistOptions {
  /** Number of training images, the first ones, 1 to 60,000. Default 60,000. */
  readonly train?: number;
  /** Number of test images, the first ones, 1 to 10,000. Default 10,000. */
  readonly test?: number;
}

interface Description {
  readonly id: string;
  readonly folder: string;
  readonly name: string;
  readonly classes: readonly string[];
  readonly licence: string;
}

/**
 * Fashion-MNIST: grey pictures of clothes from Zalando's shop.
 *
 * @param options How many images.
 * @returns Images [28, 28, 1] as bytes 0 … 255 (a batch holds 0 … 1), labels 0 … 9.
 * @throws LabError EXPERIMENT_INVALID at once for a number out of range; when loading DATA_MISSING, DATA_CORRUPT,
 *   DATA_LABEL_RANGE. Source: Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747; MIT licence.
 */
export function fashionMnist(options: MnistOptions = {}): Dataset {
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
  return imagesOf({ id: 'fashionMnist', folder: 'fashion-mnist', name: 'Fashion-MNIST', classes, licence }, options);
}

/**
 * MNIST: handwritten digits.
 *
 * @param options How many images.
 * @returns Images [28, 28, 1] as bytes 0 … 255 (a batch holds 0 … 1), labels 0 … 9.
 * @throws LabError EXPERIMENT_INVALID at once for a number out of range; when loading DATA_MISSING, DATA_CORRUPT,
 *   DATA_LABEL_RANGE. Source: LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning applied to document
 *   recognition"; CC BY-SA 3.0.
 */
export function mnist(options: MnistOptions = {}): Dataset {
  const classes = Array.from({ length: CLASSES }, (_, digit) => String(digit));
  const licence = l10n.t('MNIST, LeCun, Cortes and Burges, CC BY-SA 3.0');
  return imagesOf({ id: 'mnist', folder: 'mnist', name: 'MNIST', classes, licence }, options);
}

function imagesOf(description: Description, options: unknown): Dataset {
  const { id, name, classes, licence } = description;
  const given = checkObject(`datasets.${id}`, options);
  checkKnown(`datasets.${id}`, given, ['train', 'test']);
  const train = checkInteger(`datasets.${id}: train`, given['train'] ?? TRAIN, { min: 1, max: TRAIN });
  const test = checkInteger(`datasets.${id}: test`, given['test'] ?? TEST, { min: 1, max: TEST });
  return Object.freeze({
    name,
    kind: 'images',
    inputShape: Object.freeze([SIDE, SIDE, 1]),
    classes: Object.freeze([...classes]),
    targetShape: Object.freeze([]),
    train,
    test,
    licence,
    load: async (context) => {
      stopIfCancelled(context.signal);
      context.progress(l10n.t('Reading {0}', name), null);
      const folder = findFolder(description, context);
      const [trainSplit, testSplit] = await Promise.all([
        readSplit(description, folder, 'train', train),
        readSplit(description, folder, 't10k', test),
      ]);
      stopIfCancelled(context.signal);
      return { train: trainSplit, test: testSplit };
    },
  } satisfies Dataset);
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
): Promise<Split> {
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
  if (length < count) {
    throw dataCorrupt(imageFile, l10n.t('at least {0} images', count), l10n.t('{0} images', length));
  }
  const y = Int32Array.from(labels.data.subarray(0, count));
  y.forEach((label, index) => {
    if (label >= CLASSES) throw labelOutOfRange(labelFile, index, label, CLASSES);
  });
  // A copy: a view would keep the whole file in memory.
  return { length: count, x: Uint8Array.from(images.data.subarray(0, count * SIDE * SIDE)), y };
}
