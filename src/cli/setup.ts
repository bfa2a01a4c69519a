import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { labFolderAt } from '../client/lessons/labFolder';
import { checkSetup, hasProblem, reportText, thisMachine } from '../client/machine/check';
import { ensure, STEP_NAMES, type StepName } from '../setup/steps';
import { tellOfGpu } from './engine';
import { terminalLocale, type CommandContext } from './context';

export const setupHelp = (): string =>
  l10n.t(
    `usage: npm run setup [-- --only NAME ... | --check]

Prepares all that "npm start" and "npm test" need: {0}. What is there already is left alone.
  --only NAME   only this; may be given several times
  --check       prepares nothing: says how engine, data, disk, memory and the rest are, and what to do`,
    STEP_NAMES.join(', '),
  );

export async function setup(args: readonly string[], context: CommandContext): Promise<number> {
  const { paths, stops } = context;
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string', multiple: true }, check: { type: 'boolean' } },
  });
  if (values.check === true) return await check(context);
  const unknown = values.only?.find((name) => !isStepName(name));
  if (unknown !== undefined) {
    console.error(l10n.t('There is no step "{0}". Choose of: {1}.', unknown, STEP_NAMES.join(', ')));
    return 1;
  }
  await ensure(values.only?.filter(isStepName) ?? STEP_NAMES, { paths, signal: stops.signal });
  console.log(l10n.t('Everything is prepared.'));
  await tellOfGpu({ paths, env: process.env });
  return 0;
}

/** Returns 1 where there is a problem. */
async function check({ paths, stops }: CommandContext): Promise<number> {
  const { version } = JSON.parse(fs.readFileSync(path.join(paths.root, 'package.json'), 'utf8')) as { version: string };
  const machine = thisMachine({ paths, version, lab: labFolderAt(paths.root), trainer: { locale: terminalLocale() } });
  const source = new CancellationTokenSource();
  stops.onStop(() => {
    source.cancel();
  });
  const findings = await checkSetup(machine, source.token);
  process.stdout.write(reportText(findings, machine).text);
  return hasProblem(findings) ? 1 : 0;
}

const isStepName = (name: string): name is StepName => STEP_NAMES.some((step) => step === name);
