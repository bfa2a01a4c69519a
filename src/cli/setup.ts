import * as l10n from '@vscode/l10n';
import { parseArgs } from 'node:util';
import { ensure, STEP_NAMES, type StepName } from '../setup/steps';
import type { CommandContext } from './context';

export const setupHelp = (): string =>
  l10n.t(
    `usage: npm run setup [-- --only NAME ...]

Prepares all that "npm start" and "npm test" need: {0}. What is there already is left alone.
  --only NAME   only this; may be given several times`,
    STEP_NAMES.join(', '),
  );

export async function setup(args: readonly string[], { paths, stops }: CommandContext): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { only: { type: 'string', multiple: true } } });
  const unknown = values.only?.find((name) => !isStepName(name));
  if (unknown !== undefined) {
    console.error(l10n.t('There is no step "{0}". Choose of: {1}.', unknown, STEP_NAMES.join(', ')));
    return 1;
  }
  await ensure(values.only?.filter(isStepName) ?? STEP_NAMES, { paths, signal: stops.signal });
  console.log(l10n.t('Everything is prepared.'));
  return 0;
}

const isStepName = (name: string): name is StepName => STEP_NAMES.some((step) => step === name);
