/** The choice of an engine on the command line, and what it takes. */
import * as l10n from '@vscode/l10n';
import { LabError } from '../protocol/errors';
import { ENGINE_CHOICES, type EngineChoice } from '../protocol/launch';
import { ensure, type StepName } from '../setup/steps';
import type { CommandContext } from './context';
import { errorText } from './errorText';
import { badArgument } from './usage';

/** @throws LabError ARGUMENT_INVALID */
export function engineNamed(name: string | undefined, command: string): EngineChoice {
  if (name === undefined) return 'auto';
  const choice = ENGINE_CHOICES.find((known) => known === name);
  if (choice !== undefined) return choice;
  throw badArgument(l10n.t('There is no engine "{0}". Choose of: {1}.', name, ENGINE_CHOICES.join(', ')), command);
}

/**
 * Prepares the native engine where the choice may use it, and the rest. Where nobody insists on that engine, a machine that
 * cannot have it is told why, and goes on.
 * @throws LabError SETUP_*, ENGINE_*, CANCELLED
 */
export async function ensureFor(
  choice: EngineChoice,
  names: readonly StepName[],
  { paths, stops }: CommandContext,
): Promise<void> {
  const options = { paths, signal: stops.signal };
  if (choice !== 'wasm')
    await ensure(['engine'], options).catch((error: unknown) => {
      if (choice === 'native' || !(error instanceof LabError) || error.code === 'CANCELLED') throw error;
      console.error(errorText(error.data));
      console.error(l10n.t('Without it the lab computes with WebAssembly, which is slower and needs nothing.'));
    });
  await ensure(names, options);
}
