/** Which runs the windows show: none that any of them shows is taken away without a question. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { holderOf, release, replace, take } from '../../processes/lock';

interface Entry {
  readonly folders: readonly string[];
}

const folderOf = (cache: string): string => path.join(cache, 'windows');

/** What one window shows, for the others to read as long as its process lives. */
export class ShownRuns {
  private readonly file: string;
  private written = false;

  constructor(cache: string) {
    this.file = path.join(folderOf(cache), `${String(process.pid)}-${randomBytes(4).toString('hex')}.json`);
  }

  /** @throws the error of the file system */
  set(folders: readonly string[]): void {
    const entry: Entry = { folders };
    if (this.written) replace(this.file, entry);
    else take(this.file, entry);
    this.written = true;
  }

  dispose(): void {
    release(this.file);
  }
}

/** The folders of all runs that a living window shows. What dead ones have left is taken away. */
export function shownAnywhere(cache: string): ReadonlySet<string> {
  const shown = new Set<string>();
  for (const name of fs.existsSync(folderOf(cache)) ? fs.readdirSync(folderOf(cache)) : []) {
    if (!name.endsWith('.json')) continue;
    const file = path.join(folderOf(cache), name);
    const holder = holderOf<Entry>(file);
    if (holder === undefined) fs.rmSync(file, { force: true });
    else if (Array.isArray(holder.folders)) for (const folder of holder.folders) shown.add(String(folder));
  }
  return shown;
}
