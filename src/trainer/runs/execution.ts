/** How steps run, as the record and the log say it. */
import type { Execution } from '../../protocol/run';
import type { CompileState } from '../../learning/compile';
import { log } from '../log';
import type { Journal } from './journal';

/** The record keeps how the first batch size runs: what compiling it cost, or why it is not compiled. */
export function noteExecution(state: CompileState, journal: Journal): void {
  if (state.kind === 'recording' || (state.kind === 'compiled' && journal.current.execution !== undefined)) return;
  log('compile', describeCompileState(state));
  const execution: Execution =
    state.kind === 'compiled'
      ? { mode: 'compiled', milliseconds: state.milliseconds, operations: state.operations }
      : { mode: 'eager', reason: state.refusal.message };
  journal.update({ execution });
}

export function describeCompileState(state: Exclude<CompileState, { readonly kind: 'recording' }>): string {
  return state.kind === 'compiled'
    ? `${state.operations} operations in ${Math.round(state.milliseconds)} ms`
    : `eager: ${state.refusal.message} ${state.refusal.details ?? ''}`;
}
