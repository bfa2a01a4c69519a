/** Shows in the terminal what trains in VS Code: reads the run folders, as every client may. */
import * as l10n from '@vscode/l10n';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../../protocol/errors';
import { ACTIVE_STATES, type RunRecord } from '../../protocol/run';
import { PointReader } from '../../runFolder/points';
import { foldersIn, readRun } from '../../runFolder/runs';
import type { Output } from '../../setup/terminal';
import { RunPrinter } from '../progress/printer';

const POLL_MS = 400;

interface Watched {
  readonly printer: RunPrinter;
  readonly points: PointReader;
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
    for (const folder of await foldersIn(runsDirectory)) {
      if (!ended.has(folder)) await look(folder, { active, ended, output });
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

async function look(folder: string, { active, ended, output }: State): Promise<void> {
  let record: RunRecord;
  try {
    record = await readRun(folder);
  } catch (error) {
    // A run's folder is there a moment before its record; a broken one is shown by whoever lists runs.
    if (error instanceof LabError) return;
    throw error;
  }
  let watched = active.get(folder);
  if (watched === undefined) {
    if (!ACTIVE_STATES.has(record.state)) {
      ended.add(folder);
      return;
    }
    watched = { printer: new RunPrinter(output), points: new PointReader(folder), record };
    watched.printer.print(l10n.t('Training "{0}"', record.title));
    active.set(folder, watched);
  }
  watched.record = record;
  watched.printer.update(record);
  for await (const { points } of watched.points.pieces()) watched.printer.points(points);
  if (ACTIVE_STATES.has(record.state)) return;
  watched.printer.end(record);
  active.delete(folder);
  ended.add(folder);
}
