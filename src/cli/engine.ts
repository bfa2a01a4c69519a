import * as l10n from '@vscode/l10n';
import { parseArgs } from 'node:util';
import { askNvidia } from '../client/machine/nvidia';
import {
  preparedEngine,
  preparedGpuEngine,
  prepareEngine,
  prepareGpuEngine,
  proveEngine,
  proveGpuEngine,
  removeGpuEngine,
  type EngineManifest,
} from '../setup/engine';
import type { SetupContext } from '../setup/context';
import { LabError } from '../protocol/errors';
import { Reporter } from '../setup/report';
import type { CommandContext } from './context';
import { badArgument } from './usage';

export const engineHelp = (): string =>
  l10n.t(`usage: npm run engine [-- --gpu | --no-gpu | --upstream] [-- --force]

Prepares TensorFlow for this machine and proves it with a real operation.
  --gpu        TensorFlow for an NVIDIA GPU (Linux x64), beside the one for the processor
  --no-gpu     takes that away again
  --upstream   use the library that tfjs-node itself downloads (an older TensorFlow)
  --force      prepare it anew even where a working one is there`);

/** How one of the engines is looked for, proven and made. */
interface Kind {
  readonly title: string;
  readonly existing: EngineManifest | undefined;
  readonly prove: (context: SetupContext) => Promise<void>;
  readonly make: (context: SetupContext) => Promise<EngineManifest>;
}

export async function engine(args: readonly string[], { paths, stops }: CommandContext): Promise<number> {
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { upstream: flag, force: flag, gpu: flag, 'no-gpu': flag },
  });
  const { upstream = false, force = false, gpu = false, 'no-gpu': noGpu = false } = values;
  if ([upstream, gpu, noGpu].filter(Boolean).length > 1)
    throw badArgument(l10n.t('Only one of --gpu, --no-gpu and --upstream can be asked for.'), 'npm run engine');
  const context = { paths, env: process.env, signal: stops.signal };
  if (noGpu) {
    await removeGpuEngine(context);
    console.log(l10n.t('TensorFlow computes with the processor.'));
    return 0;
  }
  const kind: Kind = gpu
    ? {
        title: l10n.t('Engine: TensorFlow for the NVIDIA GPU'),
        existing: preparedGpuEngine(paths),
        prove: proveGpuEngine,
        make: prepareGpuEngine,
      }
    : {
        title: l10n.t('Engine: TensorFlow for this machine'),
        existing: upstream ? undefined : preparedEngine(paths),
        prove: proveEngine,
        make: (given) => prepareEngine(given, { upstream }),
      };
  const ready = await provenOrMade(kind, force, context);
  console.log(describe(ready));
  if (!gpu && !upstream) await tellOfGpu(context);
  return 0;
}

async function provenOrMade(
  { title, existing, prove, make }: Kind,
  force: boolean,
  context: SetupContext,
): Promise<EngineManifest> {
  const reporter = new Reporter();
  if (existing !== undefined && !force) {
    try {
      await reporter.task(l10n.t('Proving the engine'), (report) => prove({ ...context, report }));
      return existing;
    } catch (error) {
      // That the driver has gone is mended by no download.
      if (!(error instanceof LabError) || ['CANCELLED', 'ENGINE_NO_GPU'].includes(error.code)) throw error;
      console.error(error.message); // it is there but does not work: made anew below
    }
  }
  return await reporter.task(title, (report) => make({ ...context, report }));
}

/** Where a driver answers and its engine is not there: what brings it. */
export async function tellOfGpu({ paths, env }: SetupContext): Promise<void> {
  if (preparedGpuEngine(paths) !== undefined) return;
  const answer = await askNvidia(env);
  if (answer.kind !== 'ready') return;
  console.log(
    l10n.t(
      'An NVIDIA GPU is there ({0}): "npm run engine -- --gpu" brings TensorFlow for it (3.4 GB to download, 5.5 GB on disk).',
      answer.gpus.join(', '),
    ),
  );
}

const describe = (manifest: EngineManifest): string =>
  manifest.gpu === undefined
    ? l10n.t('TensorFlow {0} with {1} is ready.', manifest.tensorflow, manifest.package)
    : l10n.t(
        'TensorFlow {0} with {1} is ready and computes with {2}.',
        manifest.tensorflow,
        manifest.package,
        manifest.gpu,
      );
