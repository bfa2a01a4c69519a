/** The files in a folder, with all folders below it. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import type { Unusable } from '../own/unusable';

/** What systems leave in folders of pictures. */
const LEFT_BEHIND = new Set(['thumbs.db', 'desktop.ini', '__macosx']);
const PICTURE = /\.(?:jpe?g|jfif|png|gif|webp|bmp)$/i;

/** By its name: a file that lies where no picture belongs is worth a word only then. */
export const isNamedAsPicture = (file: string): boolean => PICTURE.test(file);

const isHidden = (name: string): boolean => name.startsWith('.') || LEFT_BEHIND.has(name.toLowerCase());

export interface Entries {
  /** Names, sorted. */
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** @param shown how the folder is named to the learner */
export function entriesOf(folder: string, shown: string, unusable: Unusable): Entries {
  const [folders, files]: [string[], string[]] = [[], []];
  let entries: fs.Dirent[] = [];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    unusable.add(`${shown}: ${error instanceof Error ? error.message : String(error)}`);
  }
  for (const entry of entries) {
    if (isHidden(entry.name)) continue;
    // A link is what it leads to.
    const stats = entry.isSymbolicLink() ? statOf(path.join(folder, entry.name)) : entry;
    if (stats?.isDirectory() === true) folders.push(entry.name);
    else if (stats?.isFile() === true) files.push(entry.name);
    else unusable.add(l10n.t('{0}: neither a file nor a folder', join(shown, entry.name)));
  }
  return { folders: folders.sort(), files: files.sort() };
}

function statOf(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file);
  } catch {
    return undefined; // it leads nowhere, or in a circle of links
  }
}

/** Paths from the folder on, with "/", sorted. A folder that lies in itself by way of a link is looked into once. */
export function filesUnder(folder: string, shown: string, unusable: Unusable): string[] {
  const found: string[] = [];
  const visit = (place: string, below: string, above: readonly string[]): void => {
    const real = fs.realpathSync(place);
    if (above.includes(real)) {
      unusable.add(l10n.t('{0}: a link that leads back to a folder it lies in', join(shown, below)));
      return;
    }
    const { folders, files } = entriesOf(place, join(shown, below), unusable);
    for (const name of files) found.push(join(below, name));
    for (const name of folders) visit(path.join(place, name), join(below, name), [...above, real]);
  };
  visit(folder, '', []);
  return found.sort();
}

/** A path for people and for keys: with "/" on every system. */
export const join = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('/');
