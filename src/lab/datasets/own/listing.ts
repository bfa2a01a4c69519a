/** The files of a learner's folder. */
import fs from 'node:fs';
import path from 'node:path';

export interface ListedFile {
  /** Below the folder, with / on every system, e.g. "cat/1.wav". */
  readonly name: string;
  readonly path: string;
}

/** What systems and programs leave in folders. */
const LEFT_BEHIND = /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$)/iu;

/**
 * All files below a folder, in the order of their names, which is the same on every machine. Links are followed; hidden
 * files and what systems leave behind are not among them.
 *
 * @param extensions without a dot, in small letters; those of `wanted` alone are listed there, all else in `others`.
 *   Undefined where names say nothing of what is in a file: all are wanted
 * @param without a folder whose files are not among them, e.g. that for testing
 */
export function listFiles(
  folder: string,
  extensions: readonly string[] | undefined,
  without?: string,
): { readonly wanted: readonly ListedFile[]; readonly others: readonly ListedFile[] } {
  const known = extensions === undefined ? undefined : new Set(extensions);
  const [wanted, others]: [ListedFile[], ListedFile[]] = [[], []];
  // Links may lead in a circle.
  const visited = new Set(without === undefined ? [] : [fs.realpathSync(without)]);
  const visit = (place: string, before: string): void => {
    const real = fs.realpathSync(place);
    if (visited.has(real)) return;
    visited.add(real);
    const entries = fs.readdirSync(place, { withFileTypes: true }).filter(({ name }) => !LEFT_BEHIND.test(name));
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = { name: `${before}${entry.name}`, path: path.join(place, entry.name) };
      const kind = entry.isSymbolicLink() ? fs.statSync(file.path, { throwIfNoEntry: false }) : entry;
      if (kind?.isDirectory() === true) visit(file.path, `${file.name}/`);
      else if (kind?.isFile() === true) (known?.has(extensionOf(entry.name)) === false ? others : wanted).push(file);
    }
  };
  visit(folder, '');
  return { wanted, others };
}

/** Without the dot, in small letters. */
export const extensionOf = (name: string): string => path.posix.extname(name).slice(1).toLowerCase();
