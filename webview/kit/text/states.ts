/** What the states and ends of a run are called, and the icon that tells them apart without colour. */
import * as l10n from '@vscode/l10n';
import { assertNever } from '../../../src/protocol/errors';
import type { EndReason, RunRecord, RunState } from '../../../src/protocol/run';
import { duration } from './format';

export type Tone = 'active' | 'good' | 'bad' | 'quiet';

export interface StateLook {
  readonly text: string;
  /** A codicon. */
  readonly icon: string;
  readonly tone: Tone;
}

export function stateLook(state: RunState): StateLook {
  switch (state) {
    case 'preparing':
      return { text: l10n.t('Preparing'), icon: 'loading', tone: 'active' };
    case 'training':
      return { text: l10n.t('Training'), icon: 'circle-filled', tone: 'active' };
    case 'paused':
      return { text: l10n.t('Paused'), icon: 'debug-pause', tone: 'active' };
    case 'finished':
      return { text: l10n.t('Finished'), icon: 'pass-filled', tone: 'good' };
    case 'stopped':
      return { text: l10n.t('Stopped'), icon: 'stop-circle', tone: 'quiet' };
    case 'failed':
      return { text: l10n.t('Failed'), icon: 'error', tone: 'bad' };
    case 'interrupted':
      return { text: l10n.t('Interrupted'), icon: 'debug-disconnect', tone: 'bad' };
    default:
      return assertNever(state);
  }
}

/** One sentence that says how and why a run ended. */
export function endSentence(record: RunRecord): string {
  if (record.end === undefined) return '';
  const { progress, config } = record;
  const time = duration(progress.seconds);
  const reason: EndReason = record.end.reason;
  switch (reason) {
    case 'completed':
      return (config?.epochs ?? progress.epoch) === 1
        ? l10n.t('Its one epoch is done, after {0}.', time)
        : l10n.t('All {0} epochs are done, after {1}.', config?.epochs ?? progress.epoch, time);
    case 'targetReached':
      return l10n.t('The target was reached in epoch {0}, after {1}.', progress.epoch, time);
    case 'noImprovement':
      return l10n.t('val_loss no longer fell, so training ended early in epoch {0}, after {1}.', progress.epoch, time);
    case 'stoppedByUser':
      return l10n.t('Stopped in epoch {0}, after {1}.', progress.epoch, time);
    case 'killed':
      return l10n.t(
        'The model did not answer, so its process was ended in epoch {0}, after {1}.',
        progress.epoch,
        time,
      );
    case 'abandoned':
      return l10n.t('No window was open any more, so training stopped in epoch {0}, after {1}.', progress.epoch, time);
    case 'error':
      if (progress.step === 0) return l10n.t('An error ended the run before its first step.');
      return l10n.t('An error ended the run in epoch {0}, after {1}.', progress.epoch, time);
    case 'trainerDied':
      return l10n.t('The training process ended unexpectedly in epoch {0}, after {1}.', progress.epoch, time);
    default:
      return assertNever(reason);
  }
}

/** Whether the run ended before its plan was fulfilled and has a checkpoint to go on from. */
export function canResume(record: RunRecord): boolean {
  if (record.end === undefined || record.checkpoints.length === 0) return false;
  switch (record.end.reason) {
    case 'completed':
    case 'targetReached':
    case 'noImprovement':
      return false;
    case 'stoppedByUser':
    case 'killed':
    case 'abandoned':
    case 'error':
    case 'trainerDied':
      return true;
    default:
      return assertNever(record.end.reason);
  }
}
