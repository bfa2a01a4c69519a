/** run.json: what is known of a run, replaced as a whole. */
import * as v from 'valibot';
import { readSmallFile, readSmallFileSync } from '../files/read';
import type { RunRecord } from '../protocol/run';
import { corrupt } from './errors';
import { recordFile } from './layout';
import { recordSchema } from './schema';

/** A model of a thousand layers has a record of 100 kB. */
const MOST_BYTES = 16 * 1024 * 1024;

/** As it was written; whether its trainer still lives is another question (`readRun`). @throws LabError RUN_CORRUPT */
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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return unreadable(folder)(error);
  }
  const result = v.safeParse(recordSchema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = v.getDotPath(issue);
  throw corrupt(folder, `run.json${place === null ? '' : `, ${place}`}: ${issue.received}`);
}

function unreadable(folder: string) {
  return (error: unknown): never => {
    throw corrupt(folder, error instanceof Error ? error.message : String(error), error);
  };
}
