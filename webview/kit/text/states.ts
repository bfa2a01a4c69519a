/** The icon that tells the states of a run apart without colour, and when one can be resumed. */
import { assertNever } from '../../../src/protocol/errors';
import type { RunRecord, RunState } from '../../../src/protocol/run';
import { capitalised, stateText } from '../../../src/words/runs';

export type Tone = 'active' | 'good' | 'bad' | 'quiet';

export interface StateLook {
  readonly text: string;
  /** A codicon. */
  readonly icon: string;
  readonly tone: Tone;
}

export function stateLook(state: RunState): StateLook {
  return { text: capitalised(stateText(state)), ...iconOf(state) };
}

function iconOf(state: RunState): Omit<StateLook, 'text'> {
  switch (state) {
    case 'preparing':
      return { icon: 'loading', tone: 'active' };
    case 'training':
      return { icon: 'circle-filled', tone: 'active' };
    case 'paused':
      return { icon: 'debug-pause', tone: 'active' };
    case 'finished':
      return { icon: 'pass-filled', tone: 'good' };
    case 'stopped':
      return { icon: 'stop-circle', tone: 'quiet' };
    case 'failed':
      return { icon: 'error', tone: 'bad' };
    case 'interrupted':
      return { icon: 'debug-disconnect', tone: 'bad' };
    default:
      return assertNever(state);
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
