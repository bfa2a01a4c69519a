/** All texts of a folder as one. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { LabError } from '../../../protocol/errors';
import type { LoadContext } from '../../dataset';
import { stopIfCancelled } from '../errors';
import { notice } from '../notice';
import { listFiles } from '../own/listing';
import { folderAt } from '../own/place';
import { nothingUsable, Unusable } from '../own/unusable';
import type { Encoding } from '../table/encoding';
import { readTextFile } from './textFile';

/** Of files that are texts, without the dot. */
export const TEXT_EXTENSIONS = ['txt', 'md'];

/** Between one file and the next. */
export const BETWEEN_FILES = '\n\n';

export interface FolderText {
  readonly name: string;
  /** Of all files, in bytes: at least as many as there are characters. */
  readonly bytes: number;
  /** In the order of names. @throws LabError DATA_UNUSABLE, CANCELLED */
  readonly read: (context: LoadContext) => Promise<string>;
}

/** @throws LabError DATA_MISSING; DATA_UNUSABLE where there is no text */
export function folderText(folder: string, separator: string, encoding: Encoding | undefined): FolderText {
  const place = folderAt(folder);
  const name = path.basename(place);
  const list = (): { readonly name: string; readonly path: string }[] => {
    const { wanted } = listFiles(place, TEXT_EXTENSIONS);
    const kinds = TEXT_EXTENSIONS.map((one) => `.${one}`).join(', ');
    if (wanted.length === 0) throw nothingUsable(l10n.t('{0}: files that end in {1}', name, kinds), 0, 1);
    return [...wanted];
  };
  const files = list();
  const bytes = files.reduce((sum, file) => sum + fs.statSync(file.path).size + separator.length, 0);
  return {
    name,
    bytes,
    read: async (context) => {
      const unusable = new Unusable();
      const texts: string[] = [];
      for (const file of list()) {
        stopIfCancelled(context.signal);
        try {
          const text = await readTextFile(file.path, encoding);
          if (text.trim() === '') unusable.add(l10n.t('{0}: no text', file.name));
          else texts.push(text);
        } catch (error) {
          if (!(error instanceof LabError)) throw error;
          unusable.add(`${file.name}: ${error.message}`);
        }
      }
      if (texts.length === 0) throw nothingUsable(name, 0, 1, unusable);
      if (unusable.count > 0) notice(context, unusable.warning(name));
      return texts.join(separator);
    },
  };
}
