/** Bounds on the runs of a lab folder: the oldest that nobody needs go first, whoever else is looking at the folder. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { isMadeHere } from '../../files/seal';
import { withLock } from '../../processes/lock';
import { ACTIVE_STATES, type RunRecord } from '../../protocol/run';
import { isPinned } from '../../runFolder/pin';
import { deleteRun, listRuns, sweepDeleted, type StoredRun } from '../../runFolder/runs';
import { sizeOf } from '../machine/usage';
import { shownAnywhere } from './shown';

export interface Bounds {
  /** How many runs; 0: any number. */
  readonly runs: number;
  /** How much they may take on disk together; 0: any. */
  readonly bytes: number;
}

export interface SizedRun extends StoredRun {
  readonly bytes: number;
}

export interface Surplus {
  /** What is to go, the oldest first. */
  readonly going: readonly SizedRun[];
  /** Even without them there are more, or more is taken, than the bounds say: the rest is in use. */
  readonly exceeded: boolean;
}

/**
 * What goes beyond the bounds. A run stays that is pinned, trains, is shown by a window, is what an active run was resumed
 * from, was not made here, or is the newest finished one of its model file, with which others begin (`trained`). Those that
 * are pinned or came from elsewhere do not count.
 */
export async function surplus(runsDirectory: string, bounds: Bounds, cache: string): Promise<Surplus> {
  const { runs } = await listRuns(runsDirectory);
  const ours = runs.filter(({ folder }) => isMadeHere(folder) && !isPinned(folder));
  const shown = shownAnywhere(cache);
  const bases = new Set(runs.flatMap(({ record }) => (isActive(record) ? [record.resumedFrom?.run] : [])));
  const newest = new Map<string, string>();
  for (const { folder, record } of ours)
    if (record.state === 'finished' && record.checkpoints.length > 0 && !newest.has(path.resolve(record.modelFile)))
      newest.set(path.resolve(record.modelFile), folder);
  const isNeeded = ({ folder, record }: StoredRun): boolean =>
    isActive(record) ||
    shown.has(folder) ||
    bases.has(record.id) ||
    newest.get(path.resolve(record.modelFile)) === folder;

  const sized: SizedRun[] = [];
  // Sizes are asked for only where they count.
  for (const run of ours) sized.push({ ...run, bytes: bounds.bytes > 0 ? (await sizeOf(run.folder)).bytes : 0 });
  let left = sized.length;
  let taken = sized.reduce((sum, { bytes }) => sum + bytes, 0);
  const isExceeded = (): boolean =>
    (bounds.runs > 0 && left > bounds.runs) || (bounds.bytes > 0 && taken > bounds.bytes);
  const going: SizedRun[] = [];
  for (const run of sized.reverse()) {
    if (!isExceeded()) break;
    if (isNeeded(run)) continue;
    going.push(bounds.bytes > 0 ? run : { ...run, ...(await sizeOf(run.folder)) });
    left -= 1;
    taken -= run.bytes;
  }
  return { going, exceeded: isExceeded() };
}

const isActive = ({ state }: RunRecord): boolean => ACTIVE_STATES.has(state);

export interface Pruned {
  readonly deleted: readonly SizedRun[];
  /** What could not be deleted, and why. */
  readonly kept: readonly { readonly run: SizedRun; readonly error: unknown }[];
}

/** Deletes what goes beyond the bounds; one process after the other, so that two never delete twice as much. */
export async function pruneRuns(runsDirectory: string, bounds: Bounds, cache: string): Promise<Pruned> {
  const name = createHash('sha256').update(path.resolve(runsDirectory)).digest('hex').slice(0, 16);
  return await withLock(path.join(cache, 'locks', `runs-${name}`), async () => {
    await sweepDeleted(runsDirectory);
    const deleted: SizedRun[] = [];
    const kept: { run: SizedRun; error: unknown }[] = [];
    for (const run of (await surplus(runsDirectory, bounds, cache)).going) {
      // The user may have pinned or opened it since.
      if (isPinned(run.folder) || shownAnywhere(cache).has(run.folder)) continue;
      try {
        if (await deleteRun(run.folder)) deleted.push(run);
      } catch (error) {
        kept.push({ run, error });
      }
    }
    return { deleted, kept };
  });
}
