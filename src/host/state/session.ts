import type { TrainerConnection } from '../../client/processes/connection';
import { ACTIVE_STATES, type RunRecord } from '../../protocol/run';
import type { RunPhase } from '../app/manifest';

export interface Activity {
  readonly text: string;
  readonly fraction: number | null;
}

/** A trainer that this window is attached to, and what it last said. One a working copy. */
export interface Session {
  readonly project: string;
  readonly trainer: TrainerConnection;
  /** The active run, or the last one. */
  readonly run: { readonly record: RunRecord; readonly folder: string } | undefined;
  /** What a run is doing beside training: before its first step, or after its last one. */
  readonly activity: Activity | undefined;
}

/** A session whose run is preparing, training or paused. */
export type ActiveSession = Session & { readonly run: NonNullable<Session['run']> };

export function isActive(session: Session | undefined): session is ActiveSession {
  return session?.run !== undefined && ACTIVE_STATES.has(session.run.record.state);
}

export function phaseOf(session: Session | undefined): RunPhase {
  const state = session?.run?.record.state;
  return state === 'preparing' || state === 'training' || state === 'paused' ? state : 'none';
}
