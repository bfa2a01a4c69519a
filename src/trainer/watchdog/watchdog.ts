import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LabErrorData } from '../../protocol/errors';

export interface WatchdogOptions {
  /** Touched every two seconds while the process lives. */
  readonly heartbeatFile: string;
  readonly failureFile: string;
  readonly memoryLimitMB: number;
  /** What is left in `failureFile` when the limit is passed. */
  readonly outOfMemory: LabErrorData;
}

/** Starts the watchdog's thread; it ends with the process. */
export function startWatchdog(options: Omit<WatchdogOptions, 'outOfMemory'>): void {
  fs.writeFileSync(options.heartbeatFile, '');
  const outOfMemory: LabErrorData = {
    code: 'OUT_OF_MEMORY',
    message: l10n.t('The trainer was ended because it used too much memory.'),
    expected: l10n.t('at most {0} MB', options.memoryLimitMB),
    remedy: l10n.t(
      'Use a smaller batch, model or data set, look for tensors that are kept in a loop, or raise the limit in the settings.',
    ),
  };
  const workerData: WatchdogOptions = { ...options, outOfMemory };
  const worker = new Worker(path.join(__dirname, 'watchdog.js'), { workerData });
  worker.unref();
}
