/** Runs as they lie on disk: read, listed, ended for a trainer that cannot any more, deleted. */
import * as l10n from '@vscode/l10n';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { replaceFileSync } from '../files/replace';
import { isMadeHere } from '../files/seal';
import { LabError, toErrorData, type LabErrorData } from '../protocol/errors';
import { ACTIVE_STATES, type EndReason, type RunEnd, type RunRecord, type RunState } from '../protocol/run';
import { isAlive } from './alive';
import { unwritable } from './errors';
import { checkpointName, recordFile } from './layout';
import { readRecord, readRecordSync, recordText } from './record';

export interface StoredRun {
  readonly folder: string;
  readonly record: RunRecord;
}

export interface UnreadableRun {
  readonly folder: string;
  readonly problem: LabErrorData;
}

export interface Runs {
  /** Newest first. */
  readonly runs: readonly StoredRun[];
  readonly unreadable: readonly UnreadableRun[];
}

/**
 * A run as it stands. One whose trainer is dead is given as interrupted, though its record says otherwise; so is one that
 * was not made here (`isMadeHere`): the trainer that it names is none of ours.
 * @throws LabError RUN_CORRUPT
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const record = await readRecord(folder);
  if (!ACTIVE_STATES.has(record.state)) return record;
  const own = isMadeHere(folder);
  if (own && isAlive(record)) return record;
  const { mtime } = await fs.promises.stat(recordFile(folder));
  return { ...record, state: 'interrupted', end: { reason: 'trainerDied', at: mtime.toISOString(), unattended: own } };
}

/** All runs; what cannot be read is listed beside them and hides nothing. */
export async function listRuns(runsDirectory: string): Promise<Runs> {
  const runs: StoredRun[] = [];
  const unreadable: UnreadableRun[] = [];
  for (const folder of await foldersIn(runsDirectory)) {
    try {
      runs.push({ folder, record: await readRun(folder) });
    } catch (error) {
      unreadable.push({ folder, problem: toErrorData(error) });
    }
  }
  runs.sort((a, b) => b.record.createdAt.localeCompare(a.record.createdAt));
  return { runs, unreadable };
}

/** The folders that runs have, or will have as soon as their record is written; what looks like one, too. */
export async function foldersIn(runsDirectory: string): Promise<readonly string[]> {
  try {
    const entries = await fs.promises.readdir(runsDirectory, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isFile() && !entry.name.startsWith('.'))
      .map(({ name }) => path.join(runsDirectory, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // nothing was trained yet
    throw error;
  }
}

/**
 * The newest run of this model file that was made here, came to its end and has a checkpoint. Synchronous, because it is
 * asked for while a model is built. Runs that cannot be read are no reason to fail: the list of runs names them.
 */
export function newestFinishedRun(runsDirectory: string, modelFile: string): StoredRun | undefined {
  let newest: StoredRun | undefined;
  for (const name of fs.existsSync(runsDirectory) ? fs.readdirSync(runsDirectory) : []) {
    const folder = path.join(runsDirectory, name);
    let record: RunRecord;
    try {
      record = readRecordSync(folder);
    } catch {
      continue;
    }
    if (record.state !== 'finished' || record.checkpoints.length === 0 || !isMadeHere(folder)) continue;
    if (path.resolve(record.modelFile) !== path.resolve(modelFile)) continue;
    if (newest === undefined || record.createdAt > newest.record.createdAt) newest = { folder, record };
  }
  return newest;
}

/** The checkpoint with the weights that the run ended with, or has come to. */
export function finalCheckpoint({ restoredEpoch, checkpoints }: RunRecord): string | undefined {
  const best = restoredEpoch === undefined ? undefined : checkpointName(restoredEpoch);
  return checkpoints.find((name) => name === best) ?? checkpoints.at(-1);
}

/**
 * For the client that killed a trainer or found it dead: writes how the run ended, if it has no end yet. Who does so at
 * the same moment writes a whole record, too. A run that was not made here is left as it came.
 * @throws LabError RUN_CORRUPT, RUN_FOLDER_UNWRITABLE
 */
export async function endRun(folder: string, end: RunEnd): Promise<RunRecord> {
  const stored = await readRecord(folder);
  if (!ACTIVE_STATES.has(stored.state)) return stored;
  if (!isMadeHere(folder)) return await readRun(folder);
  const record: RunRecord = { ...stored, state: stateAfter(end.reason), end };
  try {
    replaceFileSync(recordFile(folder), recordText(record), { whenFull: 'overwrite' });
  } catch (error) {
    throw unwritable(folder, error);
  }
  return record;
}

function stateAfter(reason: EndReason): RunState {
  switch (reason) {
    case 'killed':
    case 'stoppedByUser':
    case 'abandoned':
      return 'stopped';
    case 'error':
      return 'failed';
    case 'trainerDied':
      return 'interrupted';
    case 'completed':
    case 'targetReached':
    case 'noImprovement':
      return 'finished';
  }
}

const DELETED = '.deleted-';

/**
 * It is gone from the list at once, whole, though its files take a moment.
 * @returns false where somebody else has deleted it
 * @throws LabError RUN_ACTIVE for a run that is still training; RUN_FOLDER_UNWRITABLE
 */
export async function deleteRun(folder: string): Promise<boolean> {
  const record = await readRun(folder).catch(() => undefined); // a broken one may be deleted
  if (record !== undefined && ACTIVE_STATES.has(record.state)) {
    throw new LabError({
      code: 'RUN_ACTIVE',
      message: l10n.t('"{0}" is still training.', record.title),
      remedy: l10n.t('Stop the run before you delete it.'),
    });
  }
  const aside = path.join(path.dirname(folder), `${DELETED}${randomBytes(6).toString('hex')}`);
  try {
    await fs.promises.rename(folder, aside);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    // Windows moves no folder of which a file is open; its other files can go.
    if (process.platform !== 'win32') throw unwritable(folder, error);
    await remove(folder);
    return true;
  }
  await remove(aside);
  return true;
}

/** What a process that was ended meanwhile has left of its deletions. */
export async function sweepDeleted(runsDirectory: string): Promise<void> {
  const names = await fs.promises.readdir(runsDirectory).catch(() => []);
  for (const name of names)
    if (name.startsWith(DELETED)) await remove(path.join(runsDirectory, name)).catch(() => undefined);
}

async function remove(folder: string): Promise<void> {
  try {
    await fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 2 });
  } catch (error) {
    throw unwritable(folder, error);
  }
}
