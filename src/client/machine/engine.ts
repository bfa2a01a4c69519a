/** Which engine a training would have now, and whether it computes: asked of a fresh trainer, as a training would start it. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { CancellationToken } from 'vscode-jsonrpc';
import { toErrorData } from '../../protocol/errors';
import type { EngineInfo } from '../../protocol/run';
import { duration } from '../../words/times';
import { TrainerConnection } from '../processes/connection';
import { trainerPlace } from '../processes/place';
import type { Finding, Machine } from './finding';

/** @throws LabError CANCELLED */
export async function checkEngine({ trainer, paths }: Machine, token?: CancellationToken): Promise<Finding> {
  const subject = l10n.t('Engine');
  const began = performance.now();
  try {
    const engine = await freshEngine({ trainer, paths }, token);
    return told(subject, engine, (performance.now() - began) / 1000);
  } catch (error) {
    const { code, message, found, remedy } = toErrorData(error);
    if (code === 'CANCELLED') throw error;
    return {
      subject,
      verdict: 'problem',
      found: [l10n.t('No engine starts: {0}', message), found, code].filter((part) => part !== undefined).join('\n'),
      ...(remedy === undefined ? {} : { remedy }),
      action: 'prepareEngine',
    };
  }
}

/** A project that nobody else has: its trainer is a new process, which has multiplied two matrices before it answers. */
async function freshEngine(
  { trainer, paths }: Pick<Machine, 'trainer' | 'paths'>,
  token?: CancellationToken,
): Promise<EngineInfo> {
  const project = await fs.mkdtemp(path.join(os.tmpdir(), 'lab-check-'));
  const options = { ...trainer, paths, project, role: 'inspection' } as const;
  try {
    const connection = await TrainerConnection.start(options, token);
    const { engine } = connection.hello;
    await connection.shutDown().catch(() => {
      connection.dispose();
    });
    return engine;
  } finally {
    await fs.rm(project, { recursive: true, force: true });
    const { logFile, failureFile } = trainerPlace(options);
    for (const file of [logFile, failureFile]) await fs.rm(file, { force: true });
  }
}

function told(
  subject: string,
  { kind, version, package: from, reason, instead }: EngineInfo,
  seconds: number,
): Finding {
  const name = kind === 'native' ? `TensorFlow ${version}` : 'WebAssembly';
  const found = [
    l10n.t('{0} ({1}): {2}.', name, from, withoutStop(reason)),
    l10n.t('A fresh process loaded it and computed a product that is right, within {0}.', duration(seconds)),
  ];
  if (instead === undefined) return { subject, verdict: 'good', found: found.join('\n') };
  if (instead.found !== undefined) found.push(instead.found);
  const works =
    kind === 'native'
      ? l10n.t('Models train with the processor.')
      : l10n.t('Models train. TensorFlow is several times as fast.');
  const remedy = [works, instead.remedy].filter((part) => part !== undefined).join(' ');
  const note = { subject, verdict: 'note', found: found.join('\n'), remedy } as const;
  if (kind !== 'native') return { ...note, action: 'prepareEngine' };
  // That there is no GPU is mended by no download.
  return instead.code === 'ENGINE_NO_GPU' ? note : { ...note, action: 'prepareGpuEngine' };
}

/** A reason may be the sentence of an error. */
const withoutStop = (text: string): string => text.replace(/[.。]$/u, '');
