import * as l10n from '@vscode/l10n';
import { parseArgs } from 'node:util';
import { ensure, STEP_NAMES } from '../setup/steps';
import type { CommandContext } from './context';

export const setupHelp = (): string =>
  l10n.t(
    `usage: npm run setup

Prepares all that "npm start" and "npm test" need: {0}. What is there already is left alone.`,
    STEP_NAMES.join(', '),
  );

export async function setup(args: readonly string[], { paths, signal }: CommandContext): Promise<number> {
  parseArgs({ args: [...args], options: {} });
  await ensure(STEP_NAMES, { paths, signal });
  console.log(l10n.t('Everything is prepared.'));
  return 0;
}
