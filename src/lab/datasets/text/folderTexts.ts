/** Texts in the files of a folder, with the class of each. */
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { LabError } from '../../../protocol/errors';
import type { LoadContext } from '../../dataset';
import { stopIfCancelled } from '../errors';
import { notice } from '../notice';
import { checkTestFiles, labelledFolder, type LabelledFile, type LabelledFolder } from '../own/labelled';
import { checkNaming } from '../own/naming';
import { checkPath } from '../own/place';
import { nothingUsable, type Unusable } from '../own/unusable';
import type { Encoding } from '../table/encoding';
import { TEXT_EXTENSIONS } from './folderText';
import type { OwnTexts } from './texts';
import { readTextFile } from './textFile';
import type { Labelled } from './texts';

/** Of texts that are written in another way. */
const UNREADABLE = ['doc', 'docx', 'epub', 'htm', 'html', 'odt', 'pdf', 'rtf'];

export interface FolderTextsOptions {
  readonly test: unknown;
  readonly seed: number;
  readonly encoding: Encoding | undefined;
}

/** @throws LabError EXPERIMENT_INVALID, DATA_MISSING, DATA_UNUSABLE */
export function folderTexts(
  owner: string,
  from: Readonly<Record<string, unknown>>,
  { test, seed, encoding }: FolderTextsOptions,
): OwnTexts {
  const folder = checkPath(`${owner}: from.folder`, from['folder']);
  const naming = checkNaming(`${owner}: from`, from);
  const options = { owner, extensions: TEXT_EXTENSIONS, unreadable: UNREADABLE, naming, seed };
  const tested = checkTestFiles(owner, test, naming);
  const look = (): LabelledFolder => labelledFolder(folder, { ...options, test: tested });
  const { classes, train, test: rest } = look();
  const name = path.basename(path.resolve(folder));
  return {
    name,
    classes,
    train: train.length,
    test: rest.length,
    read: async (context) => {
      const now = look();
      const { unusable } = now;
      const texts = {
        train: await readAll(now.train, encoding, unusable, context),
        test: await readAll(now.test, encoding, unusable, context),
      };
      for (const which of ['train', 'test'] as const)
        if (texts[which].texts.length === 0) throw nothingUsable(`${name}: ${which}`, 0, 1, unusable);
      if (unusable.count > 0) notice(context, unusable.warning(name));
      return texts;
    },
  };
}

async function readAll(
  files: readonly LabelledFile[],
  encoding: Encoding | undefined,
  unusable: Unusable,
  { signal }: LoadContext,
): Promise<Labelled> {
  const [texts, labels]: [string[], number[]] = [[], []];
  for (const { path: file, name, label } of files) {
    stopIfCancelled(signal);
    try {
      const text = await readTextFile(file, encoding);
      if (text.trim() === '') throw new Error(l10n.t('no text'));
      texts.push(text);
      labels.push(label);
    } catch (error) {
      unusable.add(`${name}: ${error instanceof LabError ? error.message : (error as Error).message}`);
    }
  }
  return { texts, labels };
}
