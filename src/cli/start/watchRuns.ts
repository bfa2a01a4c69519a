/** Shows in the terminal what trains in VS Code: reads the run folders, as every client may. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readRun } from '../../client/runs/store';
import { LabError } from '../../protocol/errors';
import { ACTIVE_STATES, type RunRecord } from '../../protocol/run';
import type { Output } from '../../setup/terminal';
import { RunPrinter } from '../progress/printer';
import { PointTail } from './pointTail';

const POLL_MS = 400;

interface Watched {
  readonly printer: RunPrinter;
  readonly tail: PointTail;
  record: RunRecord;
}

/**
 * Follows every run that is active, or becomes so, until `signal`. Ended runs that were there before are left alone.
 * @returns the runs that were still active then
 */
export async function watchRuns(
  runsDirectory: string,
  output: Output,
  signal: AbortSignal,
  pollMs = POLL_MS,
): Promise<readonly RunRecord[]> {
  const active = new Map<string, Watched>();
  const ended = new Set<string>();
  while (!signal.aborted) {
    for (const name of await namesIn(runsDirectory)) {
      if (!ended.has(name)) await look(path.join(runsDirectory, name), name, { active, ended, output });
    }
    await delay(pollMs, undefined, { signal }).catch(() => undefined); // the loop's condition sees the abort
  }
  return [...active.values()].map(({ record }) => record);
}

interface State {
  readonly active: Map<string, Watched>;
  readonly ended: Set<string>;
  readonly output: Output;
}

async function look(folder: string, name: string, { active, ended, output }: State): Promise<void> {
  let record: RunRecord;
  try {
    record = await readRun(folder);
  } catch (error) {
    // A run's folder is there a moment before its record; a broken one is shown by whoever lists runs.
    if (error instanceof LabError) return;
    throw error;
  }
  let watched = active.get(name);
  if (watched === undefined) {
    if (!ACTIVE_STATES.has(record.state)) {
      ended.add(name);
      return;
    }
    watched = { printer: new RunPrinter(output), tail: new PointTail(folder), record };
    watched.printer.print(l10n.t('Training "{0}"', record.title));
    active.set(name, watched);
  }
  watched.record = record;
  watched.printer.update(record);
  watched.printer.points(await watched.tail.read());
  if (ACTIVE_STATES.has(record.state)) return;
  watched.printer.end(record);
  active.delete(name);
  ended.add(name);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // nothing was trained yet
    throw error;
  }
}
