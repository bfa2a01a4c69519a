import fs from 'node:fs/promises';
import { languageModelFile } from '../../client/paths';
import type { App } from '../app/app';

/** Whether set-up has brought it. */
export async function isLanguageModelThere({ paths }: App): Promise<boolean> {
  return await fs.access(languageModelFile(paths)).then(
    () => true,
    () => false,
  );
}
