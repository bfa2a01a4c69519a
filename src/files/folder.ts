/** Folders that are ours to write to: none of them is a link that somebody laid, to where nothing of ours belongs. */
import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes `folder`, which lies below `root`, with all folders between; `root` itself may be whatever the user named.
 * @throws Error where a link or anything else stands in the place of one; the error of the file system
 */
export async function makeFolderIn(root: string, folder: string): Promise<void> {
  const below = path.relative(root, folder).split(path.sep);
  if (below.includes('..') || path.isAbsolute(below[0] ?? '')) throw new Error(`${folder} is not in ${root}`);
  await fs.mkdir(root, { recursive: true });
  let made = root;
  for (const name of below) {
    made = path.join(made, name);
    await fs.mkdir(made).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
    if (made !== root && !(await fs.lstat(made)).isDirectory()) throw new Error(`${made} is a link or a file`);
  }
}
