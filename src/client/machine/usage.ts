/** What the lab keeps on disk, and how much room it takes. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Machine } from './finding';

export type Kind = 'runs' | 'engines' | 'data' | 'models' | 'features' | 'downloads' | 'logs' | 'editor' | 'rest';

export interface Usage {
  readonly kind: Kind;
  readonly title: string;
  readonly folders: readonly string[];
  readonly bytes: number;
  /** Folders and files that could not be looked at: `bytes` is without them. */
  readonly unread: number;
}

export interface Size {
  readonly bytes: number;
  readonly unread: number;
}

const titles = (): Readonly<Record<Kind, string>> => ({
  runs: l10n.t('Runs of this workspace'),
  engines: l10n.t('Engines'),
  data: l10n.t('Data sets'),
  models: l10n.t('Language models'),
  features: l10n.t('Feature vectors, decoded pictures'),
  downloads: l10n.t('Downloads'),
  logs: l10n.t('Logs'),
  editor: l10n.t('VS Code of “npm start”'),
  rest: l10n.t('Other files of the lab'),
});

/** In the cache, by kind; whatever else lies there is `rest`. */
export const FOLDERS = {
  engines: ['engine'],
  data: ['data'],
  models: ['models'],
  features: ['features', 'pictures'],
  downloads: ['downloads'],
  logs: ['trainers', 'logs'],
  editor: ['vscode'],
} as const satisfies Partial<Record<Kind, readonly string[]>>;

export type Places = Pick<Machine, 'paths' | 'lab' | 'storage'>;

/** Every kind of which there is something, the largest first. @throws the signal's reason */
export async function usage({ paths, lab, storage }: Places, signal?: AbortSignal): Promise<readonly Usage[]> {
  const known: readonly string[] = Object.values(FOLDERS).flat();
  const names = await fs.readdir(paths.cache).catch(() => []);
  const others = names.filter((name) => !known.includes(name)).map((name) => path.join(paths.cache, name));
  const folders: Partial<Record<Kind, readonly string[]>> = {
    runs: [lab.runs],
    ...Object.fromEntries(
      Object.entries(FOLDERS).map(([kind, inside]) => [kind, inside.map((name) => path.join(paths.cache, name))]),
    ),
    rest: [...others, ...(storage === undefined ? [] : [storage])],
  };
  const all: Usage[] = [];
  for (const [kind, title] of Object.entries(titles()) as [Kind, string][]) {
    const own = folders[kind] ?? [];
    let sum: Size = { bytes: 0, unread: 0 };
    for (const folder of own) sum = plus(sum, await sizeOf(folder, signal));
    if (sum.bytes > 0 || sum.unread > 0) all.push({ kind, title, folders: own, ...sum });
  }
  return all.sort((one, other) => other.bytes - one.bytes);
}

/** Of a file or a folder with all that is in it; links count as links. What is not there takes nothing. */
export async function sizeOf(place: string, signal?: AbortSignal): Promise<Size> {
  signal?.throwIfAborted();
  try {
    const stat = await fs.lstat(place);
    if (!stat.isDirectory()) return { bytes: stat.size, unread: 0 };
    let sum: Size = { bytes: 0, unread: 0 };
    for (const name of await fs.readdir(place)) sum = plus(sum, await sizeOf(path.join(place, name), signal));
    return sum;
  } catch (error) {
    signal?.throwIfAborted();
    // It went while we looked.
    return { bytes: 0, unread: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 0 : 1 };
  }
}

const plus = (one: Size, other: Size): Size => ({ bytes: one.bytes + other.bytes, unread: one.unread + other.unread });
