import fs from 'node:fs';
import path from 'node:path';
import { RUN_FORMAT, type RunRecord } from '../../protocol/run';

export interface FinishedRun {
  readonly folder: string;
  readonly record: RunRecord;
}

/**
 * The newest run of this model file that came to its end and has a checkpoint. Synchronous, because it is asked for while
 * a model is built. Runs that cannot be read are no reason to fail: the list of runs names them.
 */
export function newestFinishedRun(runsDirectory: string, modelFile: string): FinishedRun | undefined {
  let newest: FinishedRun | undefined;
  for (const name of namesIn(runsDirectory)) {
    const folder = path.join(runsDirectory, name);
    const record = recordIn(folder);
    if (record?.state !== 'finished' || path.resolve(record.modelFile) !== path.resolve(modelFile)) continue;
    if (record.checkpoints.length === 0) continue;
    if (newest === undefined || record.createdAt > newest.record.createdAt) newest = { folder, record };
  }
  return newest;
}

/** Folder of the last checkpoint. */
export function lastCheckpoint({ folder, record }: FinishedRun): string {
  return path.join(folder, 'checkpoints', record.checkpoints.at(-1) ?? '');
}

function namesIn(directory: string): readonly string[] {
  return fs.existsSync(directory) ? fs.readdirSync(directory) : [];
}

function recordIn(folder: string): RunRecord | undefined {
  try {
    const record = JSON.parse(fs.readFileSync(path.join(folder, 'run.json'), 'utf8')) as Partial<RunRecord> | null;
    const sound = record?.format === RUN_FORMAT && record.modelFile !== undefined && record.createdAt !== undefined;
    return sound && Array.isArray(record.checkpoints) ? (record as RunRecord) : undefined;
  } catch {
    return undefined;
  }
}
