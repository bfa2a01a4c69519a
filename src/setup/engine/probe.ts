/** Proves an engine with a real operation in a fresh process: by the trainer itself, as it will be used. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { LabError, type LabErrorData } from '../../protocol/errors';
import type { SetupContext } from '../context';
import { stepFailed } from '../errors';
import { CommandError, run } from '../process';
import { prepareCommand, upstreamRemedy } from './remedies';

/** @throws LabError as the trainer reported it: ENGINE_LOAD_FAILED, ENGINE_PROBE_FAILED … */
export async function probeEngine(folder: string, context: SetupContext): Promise<void> {
  context.report?.update(l10n.t('computing a first product'));
  const trainer = path.join(context.paths.root, 'dist', 'trainer.js');
  try {
    await run(process.execPath, [trainer, '--probe', folder, prepareCommand(context.paths)], {
      // What TensorFlow misses of a GPU it says as a warning.
      env: { TF_CPP_MIN_LOG_LEVEL: '1', ...context.env },
      signal: context.signal,
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const reported = errorIn(error.output);
    if (reported !== undefined) {
      const said = saidBeside(error.output);
      throw new LabError(said === '' ? reported : { details: said, ...reported }, { cause: error });
    }
    throw stepFailed(
      l10n.t('The engine was built, but TensorFlow does not start on this machine.'),
      l10n.t('See the details for what it said. {0}', upstreamRemedy(context.paths)),
      error.output,
      error,
    );
  }
}

const saidBeside = (output: string): string =>
  output
    .split('\n')
    .filter((line) => !line.startsWith('{'))
    .join('\n')
    .trim();

/** A probe that fails prints one line: {"ok":false,"error":LabErrorData}. */
function errorIn(output: string): LabErrorData | undefined {
  for (const line of output.split('\n').reverse()) {
    if (!line.startsWith('{')) continue;
    try {
      const { error } = JSON.parse(line) as { readonly error?: LabErrorData };
      if (error !== undefined) return error;
    } catch {
      // TensorFlow may print braces too
    }
  }
  return undefined;
}
