/** What the states and ends of a run are called. */
import * as l10n from '@vscode/l10n';
import { assertNever } from '../protocol/errors';
import type { RunRecord, RunState } from '../protocol/run';
import * as counts from './counts';
import { count } from './numbers';
import { duration } from './times';

/** One word, as it stands within a sentence. */
export function stateText(state: RunState): string {
  switch (state) {
    case 'preparing':
      return l10n.t('preparing');
    case 'training':
      return l10n.t('training');
    case 'paused':
      return l10n.t('paused');
    case 'finished':
      return l10n.t('finished');
    case 'stopped':
      return l10n.t('stopped');
    case 'failed':
      return l10n.t('failed');
    case 'interrupted':
      return l10n.t('interrupted');
    default:
      return assertNever(state);
  }
}

/** A text that stands alone, or begins a line. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "epoch 3/10" */
export function epochText({ progress, config }: Pick<RunRecord, 'progress' | 'config'>): string {
  return config === undefined
    ? l10n.t('epoch {0}', count(progress.epoch))
    : l10n.t('epoch {0}/{1}', count(progress.epoch), count(config.epochs));
}

/** One sentence that says how and why a run ended; empty before its end. */
export function endSentence({ end, progress, config }: RunRecord): string {
  if (end === undefined) return '';
  const time = duration(progress.seconds);
  const epoch = count(progress.epoch);
  switch (end.reason) {
    case 'completed': {
      const epochs = config?.epochs ?? progress.epoch;
      return epochs === 1
        ? l10n.t('The one epoch is done, after {0}.', time)
        : l10n.t('All {0} epochs are done, after {1}.', count(epochs), time);
    }
    case 'targetReached':
      return l10n.t('The target was reached in epoch {0}, after {1}.', epoch, time);
    case 'noImprovement':
      return l10n.t('val_loss no longer fell, so training ended early in epoch {0}, after {1}.', epoch, time);
    case 'stoppedByUser':
      return l10n.t('Stopped in epoch {0}, after {1} and {2}.', epoch, counts.steps(progress.step), time);
    case 'killed':
      return l10n.t('The model did not answer, so its process was ended in epoch {0}, after {1}.', epoch, time);
    case 'abandoned':
      return l10n.t('No window was open any more, so training stopped in epoch {0}, after {1}.', epoch, time);
    case 'error':
      if (progress.step === 0) return l10n.t('An error ended the run before its first step.');
      return l10n.t('An error ended the run in epoch {0}, after {1}.', epoch, time);
    case 'trainerDied':
      return l10n.t('The training process ended unexpectedly in epoch {0}, after {1}.', epoch, time);
    default:
      return assertNever(end.reason);
  }
}
