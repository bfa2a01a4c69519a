import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { LabPaths } from '../../client/paths';
import { NATIVE_PLATFORMS } from '../../protocol/launch';
import type { LabErrorData } from '../../protocol/errors';
import type { App } from '../app/app';
import { isActive } from '../state/session';
import type { TrainerPool } from '../state/pool';
import { prepareEngineInBackground } from './prepare';

/** What was told once is not told again, by any window. */
const TOLD = 'engine.told';

/**
 * Where a training computes with WebAssembly because the faster engine is not to be had: tells so once, with what that
 * one would take, and brings it in the background for whoever wants it.
 */
export function offerFasterEngine(app: App, pool: TrainerPool): void {
  app.lifetime.add(
    pool.onDidChange((session) => {
      const { instead } = session.trainer.hello.engine;
      if (instead !== undefined && isActive(session)) tell(app, instead).catch(app.errors.show.bind(app.errors));
    }),
  );
}

async function tell(app: App, instead: LabErrorData): Promise<void> {
  // Another fault is another thing to tell.
  const told = app.memory.get<string[]>(TOLD, []);
  if (told.includes(instead.code)) return;
  await app.memory.update(TOLD, [...told, instead.code]);
  const canBeHad = NATIVE_PLATFORMS.includes(`${process.platform}-${process.arch}`);
  const get = vscode.l10n.t('Get It in the Background');
  const chosen = await vscode.window.showInformationMessage(
    textOf(instead, canBeHad, app.paths),
    ...(canBeHad ? [get] : []),
    vscode.l10n.t('Not Now'),
  );
  if (chosen === get) await prepareEngineInBackground(app);
}

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
