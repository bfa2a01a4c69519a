import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { gpuDirectory, type LabPaths } from '../../client/paths';
import { NATIVE_PLATFORMS } from '../../protocol/launch';
import type { LabErrorData } from '../../protocol/errors';
import type { EngineInfo } from '../../protocol/run';
import type { App } from '../app/app';
import { isActive } from '../state/session';
import type { TrainerPool } from '../state/pool';
import { prepareEngineInBackground, prepareGpuEngineInBackground } from './prepare';

/** What was told once is not told again, by any window. */
const TOLD = 'engine.told';
/** Beside the codes of errors: that a GPU is there. */
const GPU = 'gpu';

interface Offer {
  readonly text: string;
  readonly actions: readonly { readonly title: string; readonly run: (app: App) => Promise<void> }[];
}

/**
 * Where a training computes with less than this machine could give, because a faster engine is not to be had or not there
 * yet: tells so once, with what that one would take, and brings it in the background for whoever wants it.
 */
export function offerFasterEngine(app: App, pool: TrainerPool): void {
  // Sessions change many times a second; each thing is looked into once.
  const seen = new Set<string>();
  app.lifetime.add(
    pool.onDidChange((session) => {
      const { engine } = session.trainer.hello;
      // One that was chosen by name is what the user wants.
      if (!isActive(session) || (engine.kind === 'wasm' && engine.instead === undefined)) return;
      // Another fault is another thing to tell.
      const about = engine.instead?.code ?? GPU;
      if (seen.has(about)) return;
      seen.add(about);
      tell(app, about, engine).catch(app.errors.show.bind(app.errors));
    }),
  );
}

async function tell(app: App, about: string, engine: EngineInfo): Promise<void> {
  const told = app.memory.get<string[]>(TOLD, []);
  if (told.includes(about)) return;
  const offer = await offerOf(engine, app.paths);
  if (offer === undefined) return;
  await app.memory.update(TOLD, [...told, about]);
  const later = offer.actions.length === 0 ? vscode.l10n.t('Close') : vscode.l10n.t('Not Now');
  const titles = offer.actions.map(({ title }) => title);
  const chosen = await vscode.window.showInformationMessage(offer.text, ...titles, later);
  await offer.actions.find(({ title }) => title === chosen)?.run(app);
}

async function offerOf({ kind, instead }: EngineInfo, paths: LabPaths): Promise<Offer | undefined> {
  const { askNvidia } = await import('../../client/machine/nvidia');
  const hasGpuEngine = fs.existsSync(path.join(gpuDirectory(paths), 'engine.json'));
  const nvidia = hasGpuEngine ? undefined : await askNvidia();
  const gpu = nvidia?.kind === 'ready' ? nvidia.gpus.join(', ') : undefined;
  const forGpu = { title: vscode.l10n.t('Get It for the GPU'), run: prepareGpuEngineInBackground };
  if (kind === 'native') {
    if (instead !== undefined)
      return { text: vscode.l10n.t('This model trains with the processor: {0}', instead.message), actions: [] };
    return gpu === undefined ? undefined : { text: textOfGpu(gpu), actions: [forGpu] };
  }
  if (instead === undefined) return undefined;
  const canBeHad = NATIVE_PLATFORMS.includes(`${process.platform}-${process.arch}`);
  const get = { title: vscode.l10n.t('Get It in the Background'), run: prepareEngineInBackground };
  const text = textOf(instead, canBeHad, paths);
  return {
    text: gpu === undefined ? text : `${text} ${textOfGpu(gpu)}`,
    actions: [...(canBeHad ? [get] : []), ...(gpu === undefined ? [] : [forGpu])],
  };
}

const textOfGpu = (gpu: string): string =>
  vscode.l10n.t(
    'An NVIDIA GPU is there ({0}). TensorFlow for it takes a download of 3.4 GB and 5.5 GB on disk; it is meant for large models, small ones can be slower with it.',
    gpu,
  );

function textOf({ code, message }: LabErrorData, canBeHad: boolean, { root }: LabPaths): string {
  const missing = code === 'ENGINE_MISSING';
  const now = missing
    ? vscode.l10n.t('This model trains with WebAssembly, which every machine runs.')
    : vscode.l10n.t('This model trains with WebAssembly: {0}', message);
  if (!canBeHad) return now;
  const platform = `${process.platform}-${process.arch}`;
  const takes = fs.existsSync(path.join(root, 'dist', 'binding', 'prebuilt', platform))
    ? vscode.l10n.t('TensorFlow is several times as fast. It takes a download of about 270 MB, and Python with pip.')
    : vscode.l10n.t(
        'TensorFlow is several times as fast. It takes a download of about 270 MB, Python with pip, and a C++ compiler.',
      );
  return `${now} ${takes}`;
}
