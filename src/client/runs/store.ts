/** Reads run folders (layout: protocol/run.ts), and writes the one thing nobody else is left to write: a killed run's end. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import { statSync } from 'node:fs';
import path from 'node:path';
import { LabError, toErrorData, type LabErrorData } from '../../protocol/errors';
import {
  ACTIVE_STATES,
  RUN_FORMAT,
  type EndReason,
  type Picture,
  type Point,
  type RunEnd,
  type RunRecord,
  type RunState,
} from '../../protocol/run';

export interface StoredRun {
  readonly folder: string;
  readonly record: RunRecord;
}

const NEEDED = [
  'id',
  'title',
  'modelFile',
  'createdAt',
  'state',
  'progress',
  'latest',
  'trainer',
  'checkpoints',
] as const;

/** A trainer touches its heartbeat every 2 s; a machine under load may be late. */
const HEARTBEAT_LIMIT_MS = 30_000;

/**
 * A run as it stands. One whose trainer is dead is given as interrupted, though its record says otherwise.
 * @throws LabError RUN_CORRUPT
 */
export async function readRun(folder: string): Promise<RunRecord> {
  const record = await readRecord(folder);
  if (!ACTIVE_STATES.has(record.state) || isAlive(record)) return record;
  const { mtime } = await fs.stat(path.join(folder, 'run.json'));
  return { ...record, state: 'interrupted', end: { reason: 'trainerDied', at: mtime.toISOString(), unattended: true } };
}

async function readRecord(folder: string): Promise<RunRecord> {
  let value: Partial<RunRecord> | null;
  try {
    value = JSON.parse(await fs.readFile(path.join(folder, 'run.json'), 'utf8')) as typeof value;
  } catch (error) {
    throw corrupt(folder, error instanceof Error ? error.message : String(error), error);
  }
  if ((value?.format as number | undefined) !== RUN_FORMAT) throw corrupt(folder, `format ${String(value?.format)}`);
  // What every reader relies on; a trainer writes the record as a whole, so more is not asked.
  const missing = NEEDED.find((name) => value?.[name] === undefined);
  if (missing !== undefined) throw corrupt(folder, l10n.t('run.json without "{0}"', missing));
  return value as RunRecord;
}

/** All runs, newest first; what cannot be read is listed beside them and hides nothing. */
export async function listRuns(
  runsDirectory: string,
): Promise<{ readonly runs: readonly StoredRun[]; readonly problems: readonly LabErrorData[] }> {
  const runs: StoredRun[] = [];
  const problems: LabErrorData[] = [];
  for (const name of await namesIn(runsDirectory)) {
    const folder = path.join(runsDirectory, name);
    try {
      runs.push({ folder, record: await readRun(folder) });
    } catch (error) {
      problems.push(toErrorData(error));
    }
  }
  runs.sort((a, b) => b.record.createdAt.localeCompare(a.record.createdAt));
  return { runs, problems };
}

/** Points from index `from` on. A torn last line, left by a kill in the middle of a write, is dropped. */
export async function readPoints(folder: string, from = 0): Promise<Point[]> {
  const text = await readIfThere(path.join(folder, 'metrics.jsonl'));
  const lines = text.split('\n').slice(0, -1);
  return lines.slice(from).map((line, index) => {
    try {
      return JSON.parse(line) as Point;
    } catch (error) {
      throw corrupt(folder, `metrics.jsonl:${from + index + 1}`, error);
    }
  });
}

/** The newest picture of each kind. A damaged one is left out: the others, and the curves, are worth seeing. */
export async function readPictures(folder: string): Promise<Picture[]> {
  const directory = path.join(folder, 'artifacts');
  const found: Picture[] = [];
  for (const name of await namesIn(directory)) {
    if (!name.endsWith('.json')) continue;
    const text = await fs.readFile(path.join(directory, name), 'utf8');
    try {
      found.push(JSON.parse(text) as Picture);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return found;
}

/** @throws LabError TRAINER_BUSY for a run that is still training */
export async function deleteRun(folder: string): Promise<void> {
  const record = await readRun(folder).catch(() => undefined); // a broken one may be deleted
  if (record !== undefined && ACTIVE_STATES.has(record.state)) {
    throw new LabError({
      code: 'TRAINER_BUSY',
      message: l10n.t('"{0}" is still training.', record.title),
      remedy: l10n.t('Stop the run before you delete it.'),
    });
  }
  await fs.rm(folder, { recursive: true, force: true });
}

/** One row a point: kind, step, epoch, time, learning_rate, then every series; empty where a point has none. */
export async function exportCsv(folder: string, file: string): Promise<void> {
  const points = await readPoints(folder);
  const names = [...new Set(points.flatMap((point) => Object.keys(point.values)))];
  const rows = points.map(({ kind, step, epoch, time, learningRate, values }) =>
    [kind, step, epoch, time, learningRate, ...names.map((name) => values[name] ?? '')].join(','),
  );
  await fs.writeFile(
    file,
    `${[['kind', 'step', 'epoch', 'time', 'learning_rate', ...names].join(','), ...rows].join('\n')}\n`,
  );
}

/** For the client that killed a trainer or found it dead: writes how the run ended, if it has no end yet. */
export async function endRun(folder: string, end: RunEnd): Promise<RunRecord> {
  const file = path.join(folder, 'run.json');
  const stored = JSON.parse(await fs.readFile(file, 'utf8')) as RunRecord;
  if (!ACTIVE_STATES.has(stored.state)) return stored;
  const record: RunRecord = { ...stored, state: stateAfter(end.reason), end };
  await fs.writeFile(`${file}.tmp`, JSON.stringify(record, undefined, 1));
  await fs.rename(`${file}.tmp`, file);
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

/** The process exists, and it is not another one that was given the same number. */
function isAlive({ trainer }: RunRecord): boolean {
  try {
    process.kill(trainer.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const beat = statSync(trainer.heartbeat, { throwIfNoEntry: false });
  return beat !== undefined && Date.now() - beat.mtimeMs < HEARTBEAT_LIMIT_MS;
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await fs.readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function corrupt(folder: string, found: string, cause?: unknown): LabError {
  return new LabError(
    {
      code: 'RUN_CORRUPT',
      message: l10n.t('The run "{0}" cannot be read.', path.basename(folder)),
      found,
      remedy: l10n.t('Delete the run; other runs are not affected.'),
    },
    { cause },
  );
}
