import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LabErrorData, SourceLocation } from '../../protocol/errors';
import { PLACES, PULSE, ticketNumber } from './pulse';

export interface WatchdogOptions {
  readonly failureFile: string;
  readonly interruptFile: string;
  /** Says where the main thread is blocked, as long as it is: `LabErrorData`. */
  readonly blockedFile: string;
  readonly memoryLimitMB: number;
  /** The main thread may be blocked for so long, as an endless loop in a model file blocks it. */
  readonly blockedSeconds: number;
}

/** What the watchdog's thread is given beside the options. */
export interface WatchdogData extends WatchdogOptions {
  /** What is left in `failureFile` when the memory limit is passed. */
  readonly outOfMemory: LabErrorData;
  /** What is left there when the main thread was blocked too long. */
  readonly blocked: LabErrorData;
  /** What is left there when it was blocked although there was nothing to do: by what a model file left behind. */
  readonly blockedIdle: LabErrorData;
  /** What stands in `blockedFile`. */
  readonly blocking: LabErrorData;
  /** See `PULSE`. */
  readonly pulse: SharedArrayBuffer;
}

export interface Watchdog {
  working(isWorking: boolean): void;
  /** The ticket of the cell that is being executed: it can be interrupted by way of `interruptFile`. */
  executing(ticket: string | undefined): void;
}

const PULSE_MS = 1000;

/**
 * Starts the watchdog's thread; it ends with the process.
 *
 * @param placesIn the places of a stack that lie in the learner's files, innermost first
 */
export function startWatchdog(
  options: WatchdogOptions,
  placesIn: (stack: string) => readonly SourceLocation[],
): Watchdog {
  Object.defineProperty(globalThis, Symbol.for(PLACES), { value: placesIn });
  const pulse = new SharedArrayBuffer(PULSE.length * Int32Array.BYTES_PER_ELEMENT);
  const shared = new Int32Array(pulse);
  // Loading the engine is work.
  Atomics.store(shared, PULSE.working, 1);
  setInterval(() => Atomics.add(shared, PULSE.beats, 1), PULSE_MS).unref();
  const workerData: WatchdogData = {
    ...options,
    pulse,
    outOfMemory: {
      code: 'OUT_OF_MEMORY',
      message: l10n.t('The trainer was ended because it used too much memory.'),
      expected: l10n.t('at most {0} MB', options.memoryLimitMB),
      remedy: l10n.t(
        'Use a smaller batch, model or data set, look for tensors that are kept in a loop, or raise the limit in the settings.',
      ),
    },
    blocked: {
      code: 'TRAINER_BLOCKED',
      message: l10n.t('The trainer was ended because the model file blocked it for {0} s.', options.blockedSeconds),
      remedy: l10n.t('Look for a loop that does not end.'),
    },
    blockedIdle: {
      code: 'TRAINER_BLOCKED',
      message: l10n.t('The trainer was ended because the model file blocked it after its run.'),
      remedy: l10n.t('Look for a timer whose loop does not end.'),
    },
    blocking: {
      code: 'TRAINER_BLOCKED',
      message: l10n.t('The model file kept the trainer busy for longer than Stop waits.'),
      remedy: l10n.t(
        'Look for a loop that does not end. If one step takes so long, set deepLearningLab.stop.graceSeconds higher.',
      ),
    },
  };
  new Worker(path.join(__dirname, 'watchdog.js'), { workerData }).unref();
  return {
    working: (isWorking) => {
      Atomics.store(shared, PULSE.working, isWorking ? 1 : 0);
    },
    executing: (ticket) => {
      Atomics.store(shared, PULSE.cell, ticketNumber(ticket));
    },
  };
}
