/** The NVIDIA GPU in Check Set-up: whether its driver answers, and whether TensorFlow for it is there. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { gpuDirectory } from '../paths';
import type { Finding, Machine } from './finding';
import { askNvidia } from './nvidia';

/** Undefined on a machine without an NVIDIA driver: most have none, and lack nothing. */
export async function checkGpu({ paths, env, editor }: Machine, platform?: string): Promise<Finding | undefined> {
  const subject = 'NVIDIA GPU';
  const prepared = fs.existsSync(path.join(gpuDirectory(paths), 'engine.json'));
  const answer = await askNvidia(env, platform);
  if (answer.kind === 'none') {
    if (!prepared) return undefined;
    return {
      subject,
      verdict: 'note',
      found: l10n.t('TensorFlow for a GPU is prepared, but no NVIDIA driver answers: it computes with the processor.'),
      remedy: l10n.t('Install NVIDIA’s driver, until “nvidia-smi” names the GPU.'),
    };
  }
  if (answer.kind === 'unusable') {
    return {
      subject,
      verdict: 'note',
      found: l10n.t('There is a driver, but TensorFlow cannot use it: {0}', answer.reason),
      remedy: l10n.t(
        'Update NVIDIA’s driver, or start the machine anew after an update. Until then models train with the processor.',
      ),
    };
  }
  const found = l10n.t('{0}, driver {1}.', answer.gpus.join(', '), answer.driver);
  if (prepared) return { subject, verdict: 'good', found: `${found}\n${l10n.t('TensorFlow for it is prepared.')}` };
  return {
    subject,
    verdict: 'note',
    found: `${found}\n${l10n.t('TensorFlow computes with the processor. A GPU is meant for large models; small ones can be slower with it.')}`,
    remedy: l10n.t(
      'Run "{0}": it downloads 3.4 GB, takes 5.5 GB on disk, and keeps what there is for the processor.',
      editor === undefined ? 'npm run engine -- --gpu' : l10n.t('Deep Learning Lab: Prepare TensorFlow for the GPU'),
    ),
    action: 'prepareGpuEngine',
  };
}
