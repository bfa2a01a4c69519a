/** How steps run, in words. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import type { CompileState, Refusal } from '../../learning/compile';
import type { Execution } from '../../protocol/run';

type Decided = Exclude<CompileState, { readonly kind: 'recording' }>;

/** As a run's record keeps it. */
export function executionOf(state: Decided): Execution {
  return state.kind === 'compiled'
    ? { mode: 'compiled', milliseconds: state.milliseconds, operations: state.operations }
    : { mode: 'eager', reason: refusalText(state.refusal) };
}

/** For the log. */
export function describeExecution(state: Decided): string {
  return state.kind === 'compiled'
    ? `${state.operations} operations in ${Math.round(state.milliseconds)} ms`
    : `eager: ${refusalText(state.refusal)} ${'details' in state.refusal ? state.refusal.details : ''}`;
}

/** Why a step is not compiled: one sentence, with the place in the learner's source where there is one. */
export function refusalText(refusal: Refusal): string {
  const { location } = refusal;
  const sentence = sentenceOf(refusal);
  return location === undefined ? sentence : `${sentence} (${path.basename(location.file)}:${location.line})`;
}

function sentenceOf(refusal: Refusal): string {
  switch (refusal.code) {
    case 'disabled':
      return l10n.t('Compiled steps are turned off.');
    case 'engine':
      return l10n.t('Steps are compiled on the engine that the lab loaded only, and another one is set.');
    case 'state':
      return l10n.t(
        "The training step reads the optimizer's iterations, a number that JavaScript counts, so it cannot be compiled.",
      );
    case 'effect':
      return refusal.effect.kind === 'write'
        ? l10n.t(
            'The training step changes something that outlives it, which a compiled step would not do: {0}.',
            refusal.effect.name,
          )
        : l10n.t(
            'The training step calls something that may do something else each time, so it cannot be compiled: {0}.',
            refusal.effect.name,
          );
    case 'unsteady':
      return l10n.t(
        'What the training step uses is changed again and again between steps, so compiling it does not pay: {0}.',
        refusal.effect.name,
      );
    case 'readsData':
      return l10n.t(
        'The training step reads tensor values in JavaScript (dataSync, arraySync, data, array), so it cannot be compiled.',
      );
    case 'random':
      return l10n.t('The training step draws random numbers in a way that cannot be compiled: {0}.', refusal.source);
    case 'variables':
      return l10n.t('The training step makes or disposes variables each time it runs, so it cannot be compiled.');
    case 'changes':
      return l10n.t('The training step does not do the same each time, so it cannot be compiled: {0}.', refusal.what);
    case 'operation':
      return l10n.t('The training step uses an operation that cannot be compiled: {0}.', refusal.name);
    case 'graph':
      return l10n.t('The engine did not accept the compiled step.');
    case 'mismatch':
      return l10n.t(
        'The compiled step did not agree with the eager one: {0} differs by {1} (allowed {2}).',
        refusal.what,
        refusal.difference.toExponential(2),
        refusal.tolerance.toExponential(2),
      );
  }
}
