/** run.json: what is known of a run, replaced as a whole. */
import path from 'node:path';
import { readSmallFile, readSmallFileSync } from '../files/read';
import { NewerFormat, parseAs } from '../files/schema';
import type { RunRecord } from '../protocol/run';
import { corrupt, newer } from './errors';
import { recordFile } from './layout';
import { recordSchema } from './schema';

/** A model of a thousand layers has a record of 100 kB. */
const MOST_BYTES = 16 * 1024 * 1024;

/** As it was written; whether its trainer still lives is another question (`readRun`). @throws LabError RUN_CORRUPT, FORMAT_NEWER */
export async function readRecord(folder: string): Promise<RunRecord> {
  return parseRecord(folder, await readSmallFile(recordFile(folder), MOST_BYTES).catch(unreadable(folder)));
}

/** As `readRecord`, for who may not wait: a model is being built. */
export function readRecordSync(folder: string): RunRecord {
  let text: string;
  try {
    text = readSmallFileSync(recordFile(folder), MOST_BYTES);
  } catch (error) {
    return unreadable(folder)(error);
  }
  return parseRecord(folder, text);
}

export function recordText(record: RunRecord): string {
  return JSON.stringify(record, undefined, 1);
}

function parseRecord(folder: string, text: string): RunRecord {
  try {
    return parseAs(recordSchema, text);
  } catch (error) {
    if (error instanceof NewerFormat) throw newer(path.basename(folder), error);
    return unreadable(folder)(error);
  }
}

function unreadable(folder: string) {
  return (error: unknown): never => {
    throw corrupt(folder, `run.json: ${error instanceof Error ? error.message : String(error)}`, error);
  };
}
