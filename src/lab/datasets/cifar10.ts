import * as l10n from '@vscode/l10n';
import { checkKnown, checkObject } from '../check';
import type { InMemoryDataset } from '../dataset';
import { CLASSES, SIDE, TEST, TRAIN } from './cifar10Files';
import { loadCifar10 } from './cifar10Load';
import { selection, type ClassOptions } from './subset';
import { loadContext } from '../cells/loadContext';

const SIZES = {
  train: new Array<number>(CLASSES).fill(TRAIN / CLASSES),
  test: new Array<number>(CLASSES).fill(TEST / CLASSES),
};

export interface Cifar10Options extends ClassOptions {
  /** Number of training images, the first ones, 1 to 50,000. Default: all. */
  readonly train?: number;
  /** Number of test images, the first ones, 1 to 10,000. Default: all. */
  readonly test?: number;
}

/**
 * CIFAR-10: small colour photographs of ten kinds of animals and vehicles. Read from a local folder (the binary
 * version's files, in `cifar-10-batches-bin` or by themselves), or else downloaded once from its own site, 170 MB.
 *
 * @param options How many images, and of which classes.
 * @returns Images [32, 32, 3] (red, green, blue) as bytes 0 … 255 (a batch holds 0 … 1), labels 0 … 9, or 0 … n − 1
 *   for n `classes`.
 * @throws LabError EXPERIMENT_INVALID at once for a number out of range; when loading DATA_CORRUPT, DATA_LABEL_RANGE,
 *   DATA_DOWNLOAD, CANCELLED. Source: Krizhevsky 2009, "Learning multiple layers of features from tiny images"; the
 *   publisher states no licence.
 */
export function cifar10(options: Cifar10Options = {}): InMemoryDataset {
  const given = checkObject('datasets.cifar10', options);
  checkKnown('datasets.cifar10', given, ['train', 'test', 'classes']);
  const { selected, kept } = selection('cifar10', given, SIZES);
  const classes = [
    l10n.t('airplane'),
    l10n.t('automobile'),
    l10n.t('bird'),
    l10n.t('cat'),
    l10n.t('deer'),
    l10n.t('dog'),
    l10n.t('frog'),
    l10n.t('horse'),
    l10n.t('ship'),
    l10n.t('truck'),
  ];
  return Object.freeze({
    name: 'CIFAR-10',
    kind: 'images',
    inputShape: Object.freeze([SIDE, SIDE, 3]),
    classes: Object.freeze(kept.map((label) => classes[label] ?? '')),
    targetShape: Object.freeze([]),
    train: selected.train,
    test: selected.test,
    licence: l10n.t(
      'CIFAR-10, Krizhevsky 2009, "Learning multiple layers of features from tiny images"; no licence stated',
    ),
    load: async (context) => loadCifar10(selected, loadContext(context)),
  } satisfies InMemoryDataset);
}
