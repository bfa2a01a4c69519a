/** What the learner has achieved, in one file of the lab folder: it survives reloads and updates of the extension. */
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { defaultCache } from '../../files/cache';
import { csvLine } from '../../files/csv';
import { makeFolderIn } from '../../files/folder';
import { readSmallFile } from '../../files/read';
import { replaceFile } from '../../files/replace';
import {
  count,
  flag,
  list,
  NewerFormat,
  number,
  object,
  optional,
  parseAs,
  text,
  time,
  type Schema,
} from '../../files/schema';
import { withLock } from '../../processes/lock';
import { LabError } from '../../protocol/errors';
import { newer } from '../../runFolder/errors';
import { errorSchema } from '../../runFolder/schema';
import type { CheckVerdict, Exercise, ExerciseProgress, ExerciseVerdict } from '../../protocol/exercise';

const FORMAT = 1;
const MOST_BYTES = 16 * 1024 * 1024;

const place = v.looseObject({ file: text, line: count, column: count });

const check = object<CheckVerdict>()({
  id: text,
  title: text,
  term: text,
  status: v.picklist(['passed', 'failed', 'timedOut', 'notRun']),
  message: optional(text),
  expected: optional(text),
  found: optional(text),
  input: optional(text),
  location: optional(place),
});

const verdict = object<ExerciseVerdict>()({
  lesson: text,
  exercise: text,
  passed: flag,
  checks: list(check),
  error: optional(errorSchema),
  seconds: number,
  answer: optional(text),
  at: time,
});

const schema: Schema<{ readonly format: typeof FORMAT; readonly exercises: Progress }> = v.looseObject({
  format: v.literal(FORMAT),
  exercises: v.record(
    text,
    object<ExerciseProgress>()({
      passedAt: optional(time),
      last: optional(verdict),
      attempts: count,
      hints: count,
      solutionAt: optional(time),
    }),
  ),
});

export type Progress = Readonly<Record<string, ExerciseProgress>>;

export const NO_PROGRESS: ExerciseProgress = { attempts: 0, hints: 0 };

/** "lesson/exercise": without numbers, so that a new order of exercises loses nothing. */
export const progressKey = ({ lesson, id }: Pick<Exercise, 'lesson' | 'id'>): string => `${lesson}/${id}`;

export const progressFile = (labOwn: string): string => path.join(labOwn, 'progress.json');

/** @throws LabError PROGRESS_CORRUPT when the file is not what we wrote, FORMAT_NEWER, PROGRESS_FILE when it cannot be read. */
export async function readProgress(file: string): Promise<Progress> {
  let text: string;
  try {
    text = await readSmallFile(file, MOST_BYTES);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw inaccessible(file, error);
  }
  try {
    return parseAs(schema, text).exercises;
  } catch (error) {
    if (error instanceof NewerFormat) throw newer(path.basename(file), error);
    throw corrupt(file, error instanceof Error ? error.message : String(error));
  }
}

/** Windows that write at once wait for each other; one that was stopped in the middle is not waited for longer. */
const PATIENCE_MS = 10_000;

/**
 * Updates one after the other, those of other windows too: each holds a lock while it reads, changes and writes. The lock
 * lies in the cache: a folder that came from elsewhere brings none.
 */
export class ProgressStore {
  private queue: Promise<unknown> = Promise.resolve();

  constructor(readonly file: string) {}

  read(): Promise<Progress> {
    return readProgress(this.file);
  }

  /** A damaged file is put aside as `progress.json.damaged-<time>` and begun anew. @throws LabError PROGRESS_FILE, FORMAT_NEWER */
  update(key: string, change: (before: ExerciseProgress) => ExerciseProgress): Promise<Progress> {
    return this.write((all) => ({ ...all, [key]: change(all[key] ?? NO_PROGRESS) }));
  }

  /** Forgets these exercises, or all. */
  reset(keys?: readonly string[]): Promise<Progress> {
    return this.write((all) =>
      Object.fromEntries(Object.entries(all).filter(([key]) => keys !== undefined && !keys.includes(key))),
    );
  }

  private write(change: (all: Progress) => Progress): Promise<Progress> {
    const next = this.queue.then(() =>
      this.locked(async () => {
        const after = change(await this.read().catch((error: unknown) => this.putAside(error)));
        await replaceFile(this.file, `${JSON.stringify({ format: FORMAT, exercises: after }, null, 2)}\n`);
        return after;
      }),
    );
    this.queue = next.catch(() => undefined);
    return next;
  }

  private async locked(work: () => Promise<Progress>): Promise<Progress> {
    const folder = path.dirname(this.file);
    let holder: number | undefined;
    const waiting = { signal: AbortSignal.timeout(PATIENCE_MS), onWait: (pid: number) => void (holder = pid) };
    try {
      await makeFolderIn(path.dirname(folder), folder);
      const name = createHash('sha256')
        .update(await fs.realpath(folder))
        .digest('hex')
        .slice(0, 16);
      return await withLock(path.join(defaultCache(), 'locks', `progress-${name}`), work, waiting);
    } catch (error) {
      if (error instanceof LabError) throw error;
      const isHeld = waiting.signal.aborted && holder !== undefined;
      throw inaccessible(this.file, isHeld ? new Error(l10n.t('process {0} is writing it', holder ?? 0)) : error);
    }
  }

  private async putAside(error: unknown): Promise<Progress> {
    if (!(error instanceof LabError) || error.code !== 'PROGRESS_CORRUPT') throw error;
    try {
      await fs.rename(this.file, `${this.file}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`);
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'ENOENT') throw inaccessible(this.file, fault);
      return await this.read(); // another window was faster
    }
    return {};
  }
}

export function afterVerdict(before: ExerciseProgress, verdict: ExerciseVerdict): ExerciseProgress {
  const passedAt = before.passedAt ?? (verdict.passed ? verdict.at : undefined);
  return { ...before, attempts: before.attempts + 1, last: verdict, ...(passedAt === undefined ? {} : { passedAt }) };
}

const PROGRESS_COLUMNS = [
  'lesson',
  'exercise',
  'passedAt',
  'lastCheckedAt',
  'checksPassed',
  'checks',
  'attempts',
  'hintsShown',
  'solutionTakenAt',
];

/** The progress of all exercises as a table: one line each. */
export function progressAsCsv(all: Progress): string {
  const lines = Object.entries(all)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, { passedAt, last, attempts, hints, solutionAt }]) => {
      const [lesson = '', exercise = ''] = key.split('/');
      const checks = last?.checks ?? [];
      const right = checks.filter(({ status }) => status === 'passed').length;
      return csvLine([lesson, exercise, passedAt, last?.at, right, checks.length, attempts, hints, solutionAt]);
    });
  return csvLine(PROGRESS_COLUMNS) + lines.join('');
}

function corrupt(file: string, reason: string): LabError {
  return new LabError({
    code: 'PROGRESS_CORRUPT',
    message: l10n.t('The progress of exercises cannot be read: {0}', reason),
    remedy: l10n.t('It is put aside and begun anew with the next check; your code is not affected.'),
    location: { file, line: 1, column: 1 },
  });
}

function inaccessible(file: string, error: unknown): LabError {
  const reason = error instanceof Error ? error.message : String(error);
  return new LabError(
    {
      code: 'PROGRESS_FILE',
      message: l10n.t('The progress of exercises cannot be read or written: {0}', reason),
      remedy: l10n.t('Check the permissions and the free space of {0}.', path.dirname(file)),
    },
    { cause: error },
  );
}
