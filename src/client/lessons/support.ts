/** What a lab folder needs beside the working copies: types for the editor, a .gitignore for what the lab keeps. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { makeFolderIn } from '../../files/folder';
import { seal } from '../../files/seal';
import type { LabPaths } from '../paths';
import type { LabFolder } from './labFolder';
import { writing, type WorkingCopy } from './workingCopy';

const TEMPLATE = 'tsconfig.template.json';
const STAMP = '.from';

/**
 * Makes `.lab`, brings the types to the state of this installation, and gives the working copy a tsconfig.json if it
 * has none. Cheap when nothing is to be done.
 *
 * @param version the extension's version.
 * @returns false when this installation has no types (a build that did not finish): the editor will miss them.
 * @throws LabError WORKING_COPY when the folder cannot be written.
 */
export async function equipWorkingCopy(
  lab: LabFolder,
  paths: LabPaths,
  version: string,
  copy: WorkingCopy,
): Promise<boolean> {
  return await writing(lab.root, async () => {
    await prepareLabFolder(lab);
    const source = path.join(paths.root, 'dist', 'types');
    const template = await fs.readFile(path.join(source, TEMPLATE), 'utf8').catch(() => undefined);
    if (template === undefined) return false;
    await refreshTypes(source, lab, version);
    await fs.writeFile(path.join(copy.folder, 'tsconfig.json'), template, { flag: 'wx' }).catch(unlessItExists);
    return true;
  });
}

/**
 * Makes `.lab` with its .gitignore. A lab folder that was not there before has come from nowhere else: it is sealed.
 * @throws LabError WORKING_COPY when it cannot be written
 */
export async function prepareLabFolder(lab: LabFolder): Promise<void> {
  await writing(lab.root, async () => {
    await makeLab(lab);
  });
}

async function makeLab(lab: LabFolder): Promise<void> {
  const made = await fs.mkdir(lab.root, { recursive: true });
  await makeFolderIn(lab.base, lab.runs);
  if (made !== undefined) seal(lab.own);
  await fs.writeFile(path.join(lab.own, '.gitignore'), '*\n', { flag: 'wx' }).catch(unlessItExists);
}

async function refreshTypes(source: string, lab: LabFolder, version: string): Promise<void> {
  // In development the version stays and the types change; the time of the build tells.
  const { mtimeMs } = await fs.stat(path.join(source, TEMPLATE));
  const stamp = `${version} ${mtimeMs}`;
  const current = await fs.readFile(path.join(lab.types, STAMP), 'utf8').catch(() => undefined);
  if (current === stamp) return;
  const fresh = `${lab.types}-new-${randomUUID()}`;
  const old = `${fresh}-old`;
  await fs.cp(source, fresh, { recursive: true });
  await fs.writeFile(path.join(fresh, STAMP), stamp);
  await fs.rename(lab.types, old).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  });
  try {
    await fs.rename(fresh, lab.types);
  } catch (error) {
    // Another window put its own there in between.
    const other = await fs.readFile(path.join(lab.types, STAMP), 'utf8').catch(() => undefined);
    if (other !== stamp) throw error;
  } finally {
    await fs.rm(fresh, { recursive: true, force: true });
    await fs.rm(old, { recursive: true, force: true });
  }
}

function unlessItExists(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}
