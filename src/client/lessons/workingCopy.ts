/** The learner's own copy of a lesson. The lesson is never edited, the learner's text never overwritten. */
import * as l10n from '@vscode/l10n';
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { makeFolderIn } from '../../files/folder';
import { replaceFile } from '../../files/replace';
import { LabError } from '../../protocol/errors';
import type { Lesson } from '../../protocol/lesson';
import { ACTIVE_STATES, type RunRecord } from '../../protocol/run';
import type { LabFolder } from './labFolder';

export interface WorkingCopy {
  readonly folder: string;
  readonly modelFile: string;
  /** In the user's language. */
  readonly notebook: string;
}

/** Derived from what is on disk. */
export type LessonState =
  | { readonly kind: 'notStarted' }
  | { readonly kind: 'started'; readonly runs: number; readonly finished: number; readonly bestAccuracy?: number };

/** Where the working copy of a lesson is or would be. */
export function workingCopyOf(lab: LabFolder, lesson: Lesson): WorkingCopy {
  const folder = path.join(lab.root, lesson.id);
  return {
    folder,
    modelFile: path.join(folder, lesson.model),
    notebook: path.join(folder, path.basename(lesson.notebook)),
  };
}

export async function lessonState(lab: LabFolder, lesson: Lesson, records: readonly RunRecord[]): Promise<LessonState> {
  const own = records.filter((record) => record.lesson === lesson.id);
  if (own.length === 0 && !(await exists(workingCopyOf(lab, lesson).folder))) return { kind: 'notStarted' };
  // While one trains, its figures change all the time and say nothing yet.
  const ended = own.filter(({ state }) => !ACTIVE_STATES.has(state));
  const accuracies = ended.map((record) => record.latest['val_accuracy']).filter((value) => value !== undefined);
  return {
    kind: 'started',
    runs: own.length,
    finished: own.filter(({ state }) => state === 'finished').length,
    ...(accuracies.length === 0 ? {} : { bestAccuracy: Math.max(...accuracies) }),
  };
}

/**
 * Makes the working copy, or brings back what is missing of it: files that the lesson has and the copy has not.
 * Nothing that exists is written over.
 *
 * @throws LabError WORKING_COPY when the folder cannot be written.
 */
export async function ensureWorkingCopy(lab: LabFolder, lesson: Lesson): Promise<WorkingCopy> {
  const copy = workingCopyOf(lab, lesson);
  await writing(copy.folder, async () => {
    const files = await lessonFiles(lesson);
    if (await exists(copy.folder)) {
      for (const file of files) await copyFile(lesson, copy, file, false);
      return;
    }
    // Copied beside, then renamed: an interruption leaves no half lesson under its name.
    await makeFolderIn(lab.base, lab.own);
    const draft: WorkingCopy = { ...copy, folder: path.join(lab.own, `new-${lesson.id}-${randomUUID()}`) };
    for (const file of files) await copyFile(lesson, draft, file, false);
    try {
      await fs.rename(draft.folder, copy.folder);
    } catch (error) {
      await fs.rm(draft.folder, { recursive: true, force: true });
      // Another window was faster.
      if (!(await exists(copy.folder))) throw error;
    }
  });
  return copy;
}

export interface Reset {
  /** Files that were brought back to the lesson's text, relative to the working copy. */
  readonly files: readonly string[];
  /** Where the learner's versions are kept; undefined when none had been edited. */
  readonly backup?: string;
}

/**
 * Brings the lesson's files back. What the learner had changed is moved to `.lab/backups/<time>/<lesson id>` first;
 * files that the learner added stay.
 *
 * @throws LabError WORKING_COPY when the folder cannot be written; then nothing is lost.
 */
export async function resetWorkingCopy(lab: LabFolder, lesson: Lesson, now = new Date()): Promise<Reset> {
  const copy = workingCopyOf(lab, lesson);
  const backup = backupFolder(lab, lesson.id, now);
  return await writing(copy.folder, async () => {
    const files: string[] = [];
    let backedUp = false;
    for (const file of await lessonFiles(lesson)) {
      const own = path.join(copy.folder, file);
      const [before, after] = await Promise.all([hashOf(own), hashOf(path.join(lesson.folder, file))]);
      if (before === after) continue;
      files.push(file);
      if (before !== undefined) {
        const kept = path.join(backup, file);
        await makeFolderIn(lab.base, path.dirname(kept));
        await fs.copyFile(own, kept, fs.constants.COPYFILE_EXCL);
        backedUp = true;
      }
      await copyFile(lesson, copy, file, true);
    }
    return { files, ...(backedUp ? { backup } : {}) };
  });
}

/** Where what stood in a working copy before is kept: a folder for each moment. */
export function backupFolder(lab: LabFolder, lesson: string, now = new Date()): string {
  return path.join(lab.backups, now.toISOString().slice(0, 23).replace(/[:.]/g, '-'), lesson);
}

/** What authors need, checks and solutions, is not copied; of the notebooks, the one in the user's language is. */
const AUTHORS_ONLY = /^(exercises|solutions|node_modules|\..*)$/;
const NOTEBOOK = /^lesson(\.[\w-]+)?\.lab\.md$/;

/** Files of a lesson that belong into a working copy, relative to the lesson's folder. */
async function lessonFiles(lesson: Lesson, below = ''): Promise<string[]> {
  const entries = await fs.readdir(path.join(lesson.folder, below), { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries) {
    const relative = path.join(below, entry.name);
    if (AUTHORS_ONLY.test(entry.name)) continue;
    if (NOTEBOOK.test(relative) && entry.name !== path.basename(lesson.notebook)) continue;
    if (entry.isDirectory()) files.push(...(await lessonFiles(lesson, relative)));
    else if (entry.isFile()) files.push(relative);
  }
  return files.sort();
}

async function copyFile(lesson: Lesson, copy: WorkingCopy, file: string, replace: boolean): Promise<void> {
  const target = path.join(copy.folder, file);
  await makeFolderIn(path.dirname(copy.folder), path.dirname(target));
  // Read and written, not copied: the mode of an installed extension's file may be read-only.
  const content = await fs.readFile(path.join(lesson.folder, file));
  if (replace) await replaceFile(target, content);
  else
    await fs.writeFile(target, content, { flag: 'wx' }).catch((error: unknown) => {
      if (!isCode(error, 'EEXIST')) throw error;
    });
}

async function hashOf(file: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await fs.readFile(file))
      .digest('hex');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Does file work and turns a failure into an error that names the folder and the remedy. */
export async function writing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError(
      {
        code: 'WORKING_COPY',
        message: l10n.t(
          'The working copy {0} cannot be written: {1}',
          folder,
          error instanceof Error ? error.message : String(error),
        ),
        remedy: l10n.t(
          'Check the permissions and the free space, or choose another folder in the setting "{0}".',
          'deepLearningLab.folder',
        ),
      },
      { cause: error },
    );
  }
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
