/** What can be made again is deleted: all of a kind when the user asks, what is old or too much by itself. */
import * as l10n from '@vscode/l10n';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { holderOf, release, take } from '../../processes/lock';
import { LabError } from '../../protocol/errors';
import type { LabPaths } from '../paths';
import { FOLDERS, sizeOf } from './usage';

export type RemovableKind = 'engines' | 'data' | 'models' | 'features' | 'downloads' | 'logs';

/** Of those who make it: a set-up in a terminal, a trainer that unpacks its engine. */
const LOCKS: Readonly<Record<RemovableKind, readonly string[]>> = {
  engines: ['engine', 'unpack'],
  data: ['data'],
  models: ['languageModel'],
  features: [],
  downloads: ['engine', 'data', 'languageModel', 'vscode'],
  logs: [],
};

const DELETED = '.deleted-';

/**
 * Deletes all of a kind that lies in the cache. Logs of trainers that live stay.
 * @returns how many bytes that has freed
 * @throws LabError CACHE_IN_USE, CACHE_UNWRITABLE
 */
export async function removeAll(kind: RemovableKind, { cache }: LabPaths): Promise<number> {
  if (kind === 'logs') return await removeLogs(cache, 0);
  return await whileNobodyMakes(kind, cache, async () => {
    let freed = 0;
    for (const name of FOLDERS[kind]) freed += await discard(path.join(cache, name), cache);
    return freed;
  });
}

/** While the work is done, whoever would make such things waits. @throws LabError CACHE_IN_USE */
async function whileNobodyMakes<T>(kind: RemovableKind, cache: string, work: () => Promise<T>): Promise<T> {
  const held: string[] = [];
  try {
    for (const name of LOCKS[kind]) {
      const file = path.join(cache, 'locks', name);
      const holder = take(file);
      if (holder !== undefined) throw inUse(holder.pid);
      held.push(file);
    }
    return await work();
  } finally {
    for (const file of held) release(file);
  }
}

/** Out of its name at once, so that nobody finds half of it. @returns its size */
async function discard(place: string, cache: string): Promise<number> {
  const { bytes } = await sizeOf(place);
  const aside = path.join(cache, `${DELETED}${randomBytes(6).toString('hex')}`);
  try {
    await fs.rename(place, aside);
    await fs.rm(aside, { recursive: true, force: true, maxRetries: 2 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0; // somebody else was faster
    throw unwritable(place, error);
  }
  return bytes;
}

const OLD_MS = 14 * 24 * 3600 * 1000;
const MOST_DOWNLOADS = 2e9;
const MOST_LOGS = 64e6;

/**
 * What nobody asked to be kept: downloads of set-ups that were interrupted and not gone on with for two weeks, or beyond
 * 2 GB; logs of trainers that have ended beyond 64 MB, the oldest first; what was left of deletions.
 * @returns how many bytes that has freed
 */
export async function tidyCache({ cache }: LabPaths, now = Date.now()): Promise<number> {
  let freed = await removeLogs(cache, MOST_LOGS);
  for (const name of await fs.readdir(cache).catch(() => []))
    if (name.startsWith(DELETED)) await fs.rm(path.join(cache, name), { recursive: true, force: true });
  freed += await removeOldDownloads(cache, now).catch((error: unknown) => {
    if (error instanceof LabError && error.code === 'CACHE_IN_USE') return 0; // the next time
    throw error;
  });
  return freed;
}

async function removeOldDownloads(cache: string, now: number): Promise<number> {
  const folder = path.join(cache, 'downloads');
  const names = await fs.readdir(folder).catch(() => []);
  if (names.length === 0) return 0;
  return await whileNobodyMakes('downloads', cache, async () => {
    const all = await Promise.all(names.map((name) => partOf(path.join(folder, name))));
    let total = all.reduce((sum, { bytes }) => sum + bytes, 0);
    let freed = 0;
    for (const { place, bytes, touched } of all.sort((one, other) => one.touched - other.touched)) {
      if (now - touched < OLD_MS && total <= MOST_DOWNLOADS) continue;
      freed += await discard(place, cache);
      total -= bytes;
    }
    return freed;
  });
}

interface Part {
  readonly place: string;
  readonly bytes: number;
  /** The last time that something in it changed. */
  readonly touched: number;
}

async function partOf(place: string): Promise<Part> {
  const stat = await fs.lstat(place);
  if (!stat.isDirectory()) return { place, bytes: stat.size, touched: stat.mtimeMs };
  let [bytes, touched] = [0, stat.mtimeMs];
  for (const name of await fs.readdir(place)) {
    const inside = await partOf(path.join(place, name));
    bytes += inside.bytes;
    touched = Math.max(touched, inside.touched);
  }
  return { place, bytes, touched };
}

/** Of trainers that have ended, the oldest first, until what is left is no more than `most` bytes. */
async function removeLogs(cache: string, most: number): Promise<number> {
  const folder = path.join(cache, 'trainers');
  const names = await fs.readdir(folder).catch(() => []);
  const alive = new Map<string, boolean>();
  const isAlive = (trainer: string): boolean => {
    const known = alive.get(trainer) ?? holderOf(path.join(folder, `${trainer}.lock`)) !== undefined;
    alive.set(trainer, known);
    return known;
  };
  const logs: Part[] = [];
  for (const name of names) {
    if (!/\.log(\.old)?$/.test(name) || isAlive(name.split('.', 1)[0] ?? '')) continue;
    const part = await partOf(path.join(folder, name)).catch(() => undefined); // swept by a trainer that starts
    if (part !== undefined) logs.push(part);
  }
  let total = logs.reduce((sum, { bytes }) => sum + bytes, 0);
  let freed = 0;
  for (const { place, bytes } of logs.sort((one, other) => one.touched - other.touched)) {
    if (total <= most) break;
    await fs.rm(place, { force: true }).catch((error: unknown) => {
      throw unwritable(place, error);
    });
    total -= bytes;
    freed += bytes;
  }
  return freed;
}

function inUse(pid: number): LabError {
  return new LabError({
    code: 'CACHE_IN_USE',
    message: l10n.t('A set-up is at work there.'),
    found: l10n.t('process {0}', pid),
    remedy: l10n.t('Wait until it has ended, or stop it in its terminal, and try again.'),
  });
}

function unwritable(place: string, cause: unknown): LabError {
  return new LabError(
    {
      code: 'CACHE_UNWRITABLE',
      message: l10n.t('{0} cannot be deleted.', place),
      found: cause instanceof Error ? cause.message : String(cause),
      remedy: l10n.t('Give yourself the right to write there; on Windows, stop trainings that use it first.'),
    },
    { cause },
  );
}
