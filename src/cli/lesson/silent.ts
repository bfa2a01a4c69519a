/** A trainer of the folder that does not answer: whether its process shall be ended. */
import * as l10n from '@vscode/l10n';
import { createInterface } from 'node:readline/promises';
import { LabError } from '../../protocol/errors';

/** Answers whether to end it; throws the error, with another way out, where nobody can be asked. */
export type Consent = (error: LabError) => Promise<boolean>;

export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/**
 * @param given by --end-silent
 * @param terminal where the user can be asked
 */
export function consent(given: boolean, terminal: Terminal | undefined, signal: AbortSignal): Consent {
  return async (error) => {
    if (given) return true;
    if (terminal?.input.isTTY !== true || terminal.output.isTTY !== true) {
      const remedy = l10n.t('Add --end-silent: its process is ended, and its run with it.');
      throw new LabError({ ...error.data, remedy }, { cause: error });
    }
    return await ask(terminal, error, signal);
  };
}

async function ask({ input, output }: Terminal, { data }: LabError, signal: AbortSignal): Promise<boolean> {
  const prompt = createInterface({ input, output });
  const interrupted = new AbortController();
  prompt.once('SIGINT', () => {
    interrupted.abort();
  });
  // The input is at its end.
  prompt.once('close', () => {
    interrupted.abort();
  });
  try {
    output.write(`${data.message}${data.found === undefined ? '' : ` (${data.found})`}\n`);
    const question = l10n.t('End it, and its run with it? [y/N]');
    const answer = await prompt.question(`${question} `, { signal: AbortSignal.any([signal, interrupted.signal]) });
    return /^\s*(y|yes|是)\s*$/i.test(answer);
  } catch {
    return false; // Ctrl+C
  } finally {
    prompt.close();
  }
}
