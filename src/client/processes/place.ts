/** Where a trainer's lock, socket and log are: the same for every client of one project. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { holderOf, type Holder } from '../../processes/lock';
import { socketAddresses } from '../../processes/socketFolder';
import type { TrainerEntry } from '../../protocol/launch';
import type { TrainerOptions } from './options';

export interface TrainerPlace {
  /** Held by the trainer as long as it takes work; says where it listens. */
  readonly lockFile: string;
  /** Where a trainer may listen, the best first. */
  readonly addresses: readonly string[];
  readonly logFile: string;
  readonly failureFile: string;
  readonly interruptFile: string;
  readonly blockedFile: string;
}

const folderOf = (cache: string): string => path.join(cache, 'trainers');

/** The cache, not the runtime folder: that one goes with a logout, and trainers go on. */
export function trainerPlace({
  project,
  role = 'training',
  paths,
}: Pick<TrainerOptions, 'project' | 'role' | 'paths'>): TrainerPlace {
  const name = createHash('sha256')
    .update(`${role} ${path.resolve(project)}`)
    .digest('hex')
    .slice(0, 16);
  const folder = folderOf(paths.cache);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    lockFile: path.join(folder, `${name}.lock`),
    addresses: socketAddresses(name),
    logFile: path.join(folder, `${name}.log`),
    failureFile: path.join(folder, `${name}.failure.json`),
    interruptFile: path.join(folder, `${name}.interrupt`),
    blockedFile: path.join(folder, `${name}.blocked.json`),
  };
}

/** The trainer of that place that lives, whether it answers or not. */
export function trainerAt({ lockFile }: TrainerPlace): Holder<TrainerEntry> | undefined {
  return holderOf<TrainerEntry>(lockFile);
}

/** All trainers of this user's that live, of whatever project, role and version. */
export function trainersIn(cache: string): readonly Holder<TrainerEntry>[] {
  const folder = folderOf(cache);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.lock')) : [];
  return names.flatMap((name) => holderOf<TrainerEntry>(path.join(folder, name)) ?? []);
}

const LEFTOVER_MS = 24 * 60 * 60 * 1000;

/** What trainers leave behind is of use for a day, to whoever asks why one ended; then the next that starts takes it away. */
export function sweep({ lockFile }: TrainerPlace): void {
  const folder = path.dirname(lockFile);
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat === undefined || Date.now() - stat.mtimeMs < LEFTOVER_MS) continue;
    const lock = path.join(folder, `${name.split('.', 1)[0] ?? ''}.lock`);
    if (holderOf(lock) === undefined) fs.rmSync(file, { force: true });
  }
}
