/**
 * A pinned run is kept whatever the bounds on runs say. The pin is a file of its own in the run's folder: `run.json` is the
 * trainer's alone to write.
 */
import fs from 'node:fs';
import path from 'node:path';
import { runMissing, unwritable } from './errors';
import { pinFile } from './layout';

export function isPinned(folder: string): boolean {
  try {
    fs.lstatSync(pinFile(folder));
    return true;
  } catch (error) {
    // Whoever may not look deletes nothing either.
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}

/** @throws LabError RUN_MISSING, RUN_FOLDER_UNWRITABLE */
export function pin(folder: string): void {
  try {
    // Exclusively: nothing is written through a link that lies there.
    fs.writeFileSync(pinFile(folder), '', { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    throw code === 'ENOENT' ? runMissing(path.basename(folder), folder) : unwritable(folder, error);
  }
}

/** @throws LabError RUN_FOLDER_UNWRITABLE */
export function unpin(folder: string): void {
  try {
    fs.rmSync(pinFile(folder), { recursive: true, force: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
}
