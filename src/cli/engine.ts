import * as l10n from '@vscode/l10n';
import { parseArgs } from 'node:util';
import { preparedEngine, prepareEngine, proveEngine, type EngineManifest } from '../setup/engine';
import { LabError } from '../protocol/errors';
import { Reporter } from '../setup/report';
import type { CommandContext } from './context';

export const engineHelp = (): string =>
  l10n.t(`usage: npm run engine [-- --upstream] [-- --force]

Prepares TensorFlow for this machine and proves it with a real operation.
  --upstream   use the library that tfjs-node itself downloads (an older TensorFlow)
  --force      prepare it anew even where a working one is there`);

export async function engine(args: readonly string[], { paths, stops }: CommandContext): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { upstream: { type: 'boolean' }, force: { type: 'boolean' } },
  });
  const reporter = new Reporter();
  const context = { paths, env: process.env, signal: stops.signal };
  const existing = preparedEngine(paths);
  if (existing !== undefined && values.force !== true && values.upstream !== true) {
    try {
      await reporter.task(l10n.t('Proving the engine'), (report) => proveEngine({ ...context, report }));
      console.log(describe(existing));
      return 0;
    } catch (error) {
      if (!(error instanceof LabError) || error.code === 'CANCELLED') throw error;
      console.error(error.message); // it is there but does not work: made anew below
    }
  }
  const title = l10n.t('Engine: TensorFlow for this machine');
  const made = await reporter.task(title, (report) =>
    prepareEngine({ ...context, report }, { upstream: values.upstream === true }),
  );
  console.log(describe(made));
  return 0;
}

const describe = (manifest: EngineManifest): string =>
  l10n.t('TensorFlow {0} with {1} is ready.', manifest.tensorflow, manifest.package);
