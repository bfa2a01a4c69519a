/** Makes folders whole or not at all: the work happens beside the target and is renamed into place at the end. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { identityOf } from '../processes/identity';
import { explainFileError } from './errors';

const PARTIAL = /\.partial-(\d+)$/;

/**
 * Calls `work` with an empty folder beside `target`, then puts that folder in the target's place. What earlier runs
 * left behind when they were killed is removed first. Nothing is at `target` unless `work` came to its end.
 */
export async function makeFolder(target: string, work: (folder: string) => Promise<void>): Promise<void> {
  const parent = path.dirname(target);
  const folder = `${target}.partial-${String(process.pid)}`;
  try {
    await fs.mkdir(parent, { recursive: true });
    await removeAbandoned(parent);
    await fs.rm(folder, { recursive: true, force: true });
    await fs.mkdir(folder);
    await work(folder);
    await replaceFolder(folder, target);
  } catch (error) {
    throw explainFileError(error, parent);
  } finally {
    await fs.rm(folder, { recursive: true, force: true }).catch(() => undefined); // already explained above
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await fs.readdir(parent)) {
    const pid = PARTIAL.exec(name)?.[1];
    if (pid !== undefined && identityOf(Number(pid)) === undefined)
      await fs.rm(path.join(parent, name), { recursive: true, force: true });
  }
}

/** A folder cannot be renamed over a full one, so the old one steps aside for a moment. */
async function replaceFolder(folder: string, target: string): Promise<void> {
  const old = `${target}.old.partial-${String(process.pid)}`;
  try {
    await fs.rename(target, old);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await fs.rename(folder, target);
  await fs.rm(old, { recursive: true, force: true });
}
