import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import { LabError, type LabErrorData } from '../../protocol/errors';
import { PREPARE_IN_CLONE, type TrainerRole } from '../../protocol/launch';
import { tail } from './launch';
import { trainerAt, type TrainerPlace } from './place';

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Why a trainer is gone: what it wrote itself, or what its log tells. */
export function deathOf(place: TrainerPlace, role: TrainerRole = 'training', exit?: ProcessExit): LabErrorData {
  const own = failureLeftBehind(place);
  if (own !== undefined) return own;
  const details = tail(place.logFile);
  if (/heap out of memory|Allocation failed/i.test(details)) {
    return {
      code: 'OUT_OF_MEMORY',
      message: l10n.t('The trainer ran out of memory.'),
      remedy: l10n.t('Use a smaller batch, model or data set, or look for arrays that grow in a loop.'),
      details,
    };
  }
  const how = exit === undefined ? '' : (exit.signal ?? l10n.t('exit code {0}', String(exit.code)));
  return {
    code: 'TRAINER_DIED',
    ...wordsOf(role),
    ...(how === '' ? {} : { found: how }),
    ...(details === '' ? {} : { details }),
  };
}

/** What has ended, and what to do about it. */
function wordsOf(role: TrainerRole): Pick<LabErrorData, 'message' | 'remedy'> {
  switch (role) {
    case 'training':
      return {
        message: l10n.t('The trainer ended unexpectedly.'),
        remedy: l10n.t('Run the lesson again, or resume from the last checkpoint.'),
      };
    case 'inspection':
      return {
        message: l10n.t('The model file ended the process that builds the model.'),
        remedy: l10n.t('Look for a call of process.exit(), or for a tensor of enormous size.'),
      };
    case 'grading':
      return {
        message: l10n.t('The process that checks the exercise ended unexpectedly.'),
        remedy: l10n.t(
          'Check again; if it ends again, look for a call of process.exit(), or for a tensor of enormous size.',
        ),
      };
    case 'kernel':
      return {
        message: l10n.t('The kernel of the notebook ended unexpectedly: its variables are gone.'),
        remedy: l10n.t('Run the cells again; a new kernel is started. A tensor of enormous size is a usual cause.'),
      };
  }
}

/** Until a trainer answers it does no more than load the engine: what ends it by such a signal is the engine. */
const CRASHES: readonly (NodeJS.Signals | null)[] = ['SIGBUS', 'SIGSEGV', 'SIGILL', 'SIGABRT', 'SIGFPE'];

export function startFailed(place: TrainerPlace, exit: ProcessExit, prepareEngine = PREPARE_IN_CLONE): LabError {
  const data = deathOf(place, undefined, exit);
  if (data.code !== 'TRAINER_DIED') return new LabError(data);
  if (CRASHES.includes(exit.signal)) {
    return new LabError({
      ...data,
      code: 'ENGINE_LOAD_FAILED',
      message: l10n.t('The TensorFlow engine ended the process that loaded it.'),
      remedy: l10n.t(
        'Run "{0}" to prepare the engine again; if it stays so, this processor is not supported.',
        prepareEngine,
      ),
    });
  }
  return new LabError({
    ...data,
    code: 'TRAINER_START',
    message: l10n.t('The trainer could not be started.'),
    remedy: l10n.t('Look into the log; if the machine is busy, try again.'),
  });
}

export function startTimedOut(place: TrainerPlace, seconds: number): LabError {
  return new LabError({
    code: 'TRAINER_START',
    message: l10n.t('The trainer did not answer within {0} s.', seconds),
    remedy: l10n.t('Look into the log; if the machine is busy, try again.'),
    details: tail(place.logFile),
  });
}

/** It lives, and does not answer. */
export function unresponsive(place: TrainerPlace, seconds: number): LabError {
  const pid = trainerAt(place)?.pid;
  return new LabError({
    code: 'TRAINER_UNRESPONSIVE',
    message: l10n.t('The trainer of this folder is busy and has not answered for {0} s.', seconds),
    ...(pid === undefined ? {} : { found: l10n.t('process {0}', pid) }),
    remedy: l10n.t('Stop its run: this ends its process. A loop in the model file that never ends is the usual cause.'),
    details: tail(place.logFile),
  });
}

/** It speaks to clients of its own version alone, and has work to do or a notebook's variables. */
export function otherVersion(role: TrainerRole | undefined, cause: LabError): LabError {
  const { expected, found } = cause.data;
  return new LabError(
    {
      code: 'PROTOCOL_VERSION',
      message:
        role === 'kernel'
          ? l10n.t('The kernel of this notebook was started by another version of the lab.')
          : l10n.t('Another version of the lab is still at work in this folder.'),
      // It says what it expected, and what it found in us.
      ...(found === undefined ? {} : { expected: found }),
      ...(expected === undefined ? {} : { found: expected }),
      remedy:
        role === 'kernel'
          ? l10n.t('Restart the kernel: its variables are lost, and the cells can be run again.')
          : l10n.t('Its training is left to finish, and keeps what it learns. Wait for it, or stop it, and try again.'),
    },
    { cause },
  );
}

export function cancelled(): LabError {
  return new LabError({ code: 'CANCELLED', message: l10n.t('Cancelled.') });
}

/** Where the learner's code blocked the trainer when it was ended. */
export const blockedAt = ({ blockedFile }: TrainerPlace): LabErrorData | undefined => leftBehind(blockedFile);

const failureLeftBehind = ({ failureFile }: TrainerPlace): LabErrorData | undefined => leftBehind(failureFile);

function leftBehind(file: string): LabErrorData | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as LabErrorData;
  } catch {
    return undefined; // none was written: the log has to do
  }
}
