/** Why a step runs eagerly instead of compiled: a code for programs and a sentence for people. */
import * as l10n from '@vscode/l10n';

export type RefusalCode =
  | 'disabled' // the user turned compiling off
  | 'engine' // another engine than native TensorFlow
  | 'state' // JavaScript that changes from call to call, which a graph would freeze
  | 'readsData' // JavaScript inside the step looks at tensor values
  | 'random' // a random source that the graph cannot reproduce
  | 'variables' // the step makes or disposes variables each time
  | 'changes' // two recordings of the step differ
  | 'operation' // an operation a graph cannot hold
  | 'graph' // TensorFlow refused the graph
  | 'mismatch'; // the compiled step computed something else than the eager one

export interface Refusal {
  readonly code: RefusalCode;
  /** In the user's language, one sentence. */
  readonly message: string;
  /** Technical text for the log, e.g. TensorFlow's own message. */
  readonly details?: string;
}

export const refusal = {
  disabled: (): Refusal => ({ code: 'disabled', message: l10n.t('Compiled steps are turned off.') }),

  engine: (): Refusal => ({ code: 'engine', message: l10n.t('Compiled steps need the native TensorFlow engine.') }),

  readsData: (): Refusal => ({
    code: 'readsData',
    message: l10n.t(
      'The training step reads tensor values in JavaScript (dataSync, arraySync, data, array), so it cannot be compiled.',
    ),
  }),

  iterations: (): Refusal => ({
    code: 'state',
    message: l10n.t(
      "The training step reads the optimizer's iterations, a number that JavaScript counts, so it cannot be compiled.",
    ),
  }),

  random: (source: string): Refusal => ({
    code: 'random',
    message: l10n.t('The training step draws random numbers in a way that cannot be compiled: {0}.', source),
  }),

  variables: (): Refusal => ({
    code: 'variables',
    message: l10n.t('The training step makes or disposes variables each time it runs, so it cannot be compiled.'),
  }),

  changes: (what: string): Refusal => ({
    code: 'changes',
    message: l10n.t('The training step does not do the same each time, so it cannot be compiled: {0}.', what),
  }),

  operation: (name: string): Refusal => ({
    code: 'operation',
    message: l10n.t('The training step uses an operation that cannot be compiled: {0}.', name),
  }),

  graph: (details: string): Refusal => ({
    code: 'graph',
    message: l10n.t('TensorFlow did not accept the compiled step.'),
    details,
  }),

  mismatch: (what: string, difference: number, tolerance: number): Refusal => ({
    code: 'mismatch',
    message: l10n.t(
      'The compiled step did not agree with the eager one: {0} differs by {1} (allowed {2}).',
      what,
      difference.toExponential(2),
      tolerance.toExponential(2),
    ),
  }),
};

/** Thrown inside this folder only; `CompiledFunction` turns it into its state. */
export class Refused extends Error {
  constructor(readonly reason: Refusal) {
    super(reason.message);
  }
}
