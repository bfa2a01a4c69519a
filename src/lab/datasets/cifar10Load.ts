import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { LabError } from '../../protocol/errors';
import type { LoadContext, PlainSplit } from '../dataset';
import { fetchArchive, type Archive } from './cifar10Archive';
import { available, FOLDER, PER_FILE, readImages, RECORD, TEST_FILES, TRAIN_FILES } from './cifar10Files';
import { stopIfCancelled } from './errors';
import { notice } from './notice';
import type { Selection } from './subset';

const OFFICIAL: Archive = {
  url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
  md5: 'c32a1d4ab5d03f1284b67883e8d87530',
  fileBytes: PER_FILE * RECORD,
};

interface Local {
  readonly folder: string;
  readonly train: number;
  readonly test: number;
}

/**
 * From the first folder that has enough images; else from the archive on the net, kept in the cache. Where the archive
 * cannot be had, a folder with fewer images will do, with a warning.
 */
export async function loadCifar10(
  wanted: Selection,
  context: LoadContext,
  archive = OFFICIAL,
): Promise<{ readonly train: PlainSplit; readonly test: PlainSplit }> {
  stopIfCancelled(context.signal);
  const kept = path.join(context.cacheDirectory, 'data');
  const locals = await findLocal([...context.directories, kept], wanted.labels);
  const enough = locals.find(({ train, test }) => train >= wanted.train && test >= wanted.test);
  if (enough !== undefined) return read(enough.folder, wanted, context);
  try {
    return await read(await fetchArchive(kept, archive, context), wanted, context);
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'DATA_DOWNLOAD') throw error;
    const some = locals.find(({ train, test }) => train > 0 && test > 0);
    if (some === undefined) throw neitherHereNorThere(error, [...context.directories, kept]);
    const counts = {
      train: Math.min(wanted.train, some.train),
      test: Math.min(wanted.test, some.test),
      labels: wanted.labels,
    };
    notice(
      context,
      l10n.t(
        'CIFAR-10: {0} has {1} training and {2} test images; {3} and {4} were asked for, and the rest could not be downloaded. Going on with those.',
        some.folder,
        some.train,
        some.test,
        wanted.train,
        wanted.test,
      ),
    );
    return read(some.folder, counts, context);
  }
}

/** Whoever has named a folder sees whether it was looked into, and for what. */
function neitherHereNorThere(error: LabError, searched: readonly string[]): LabError {
  const found = l10n.t('nothing in {0}', [...new Set(searched)].join(', '));
  return new LabError({ ...error.data, expected: FOLDER, found }, { cause: error });
}

async function findLocal(directories: readonly string[], labels: Selection['labels']): Promise<Local[]> {
  const candidates = directories.flatMap((directory) => [path.join(directory, FOLDER), directory]);
  const locals: Local[] = [];
  for (const folder of new Set(candidates)) {
    const train = await available(folder, TRAIN_FILES, labels);
    const test = await available(folder, TEST_FILES, labels);
    if (train + test > 0) locals.push({ folder, train, test });
  }
  return locals;
}

async function read(
  folder: string,
  wanted: Selection,
  { progress, signal }: LoadContext,
): Promise<{ train: PlainSplit; test: PlainSplit }> {
  progress(l10n.t('Reading {0}', 'CIFAR-10'), null);
  const train = await readImages(folder, TRAIN_FILES, wanted.train, wanted.labels);
  stopIfCancelled(signal);
  return { train, test: await readImages(folder, TEST_FILES, wanted.test, wanted.labels) };
}
