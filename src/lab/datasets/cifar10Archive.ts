/** CIFAR-10 as its publisher packs it: fetched, checked and unpacked into the cache. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { LoadContext } from '../dataset';
import { FOLDER, TEST_FILES, TRAIN_FILES } from './cifar10Files';
import { download, STALL_SECONDS } from './download';
import { unpack } from './tar';

export interface Archive {
  readonly url: string;
  readonly md5: string;
  /** Bytes of each file in it. */
  readonly fileBytes: number;
}

const WORK = `${FOLDER}.part-`;
const FILE = 'archive.tar.gz';

/** A download that lives writes more often: it ends when the server is silent for so long. */
const ABANDONED_MS = 10 * STALL_SECONDS * 1000;

/**
 * Works in a folder beside, which is renamed at the end: what is at the final place is whole. Where it is stopped, what
 * has come of the archive is left for the next time.
 * @returns the folder of the unpacked files
 */
export async function fetchArchive(
  kept: string,
  { url, md5, fileBytes }: Archive,
  { signal, progress }: LoadContext,
): Promise<string> {
  await fs.mkdir(kept, { recursive: true });
  // Compressed, it is no larger than what is in it, but for the names.
  const mostBytes = (TRAIN_FILES.length + TEST_FILES.length) * fileBytes + 1e6;
  const work = await fs.mkdtemp(path.join(kept, WORK));
  const file = path.join(work, FILE);
  const folder = path.join(kept, FOLDER);
  const left = path.join(kept, `${FOLDER}.tar.gz.part`);
  try {
    await rescueAbandoned(kept, left);
    // Whoever moves it has it: nobody else continues the same file.
    await moveIfThere(left, file);
    try {
      await download({ url, md5, file, mostBytes, signal, progress: byMegabyte(progress) });
    } catch (error) {
      await moveIfThere(file, left);
      throw error;
    }
    progress(l10n.t('Unpacking {0}', 'CIFAR-10'), null);
    const unpacked = path.join(work, FOLDER);
    await fs.mkdir(unpacked);
    const wanted = [...TRAIN_FILES, ...TEST_FILES].map((name) => ({
      entry: `${FOLDER}/${name}`,
      bytes: fileBytes,
      target: path.join(unpacked, name),
    }));
    await unpack(file, wanted, signal);
    await replace(unpacked, folder);
    return folder;
  } finally {
    await fs.rm(work, { recursive: true, force: true });
  }
}

/** A download is thousands of chunks; what is shown changes with each megabyte. */
function byMegabyte(progress: LoadContext['progress']): (received: number, total: number | null) => void {
  let shown = -1;
  return (received, total) => {
    const megabytes = Math.floor(received / 1e6);
    if (megabytes === shown) return;
    shown = megabytes;
    const text = l10n.t('Downloading CIFAR-10: {0} MB', megabytes);
    progress(text, total === null ? null : Math.min(1, received / total));
  };
}

/** Keeps what a trainer that was killed had of the archive, and removes its folder. */
async function rescueAbandoned(kept: string, left: string): Promise<void> {
  for (const name of await fs.readdir(kept)) {
    if (!name.startsWith(WORK)) continue;
    const folder = path.join(kept, name);
    const times = [folder, path.join(folder, FILE)].map(
      async (file) => (await fs.stat(file).catch(() => undefined))?.mtimeMs,
    );
    if (Date.now() - Math.max(...(await Promise.all(times)).map((time) => time ?? 0)) < ABANDONED_MS) continue;
    await moveIfThere(path.join(folder, FILE), left);
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function moveIfThere(from: string, to: string): Promise<void> {
  try {
    await fs.rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Two trainers may have downloaded at the same time: the second one's copy takes the place of an equal one. */
async function replace(from: string, to: string): Promise<void> {
  await fs.rm(to, { recursive: true, force: true });
  try {
    await fs.rename(from, to);
  } catch (error) {
    const taken =
      error instanceof Error && 'code' in error && ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(String(error.code));
    if (!taken) throw error;
  }
}
