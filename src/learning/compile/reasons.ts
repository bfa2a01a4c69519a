/** Why a step runs eagerly instead of compiled. The sentences for people are in trainer/wording. */
import type { SourceLocation } from '../../protocol/errors';
import type { Effect } from './effects';

type Reason =
  /** The user turned compiling off. */
  | { readonly code: 'disabled' }
  /** Another engine than those that the lab has: somebody has set it. */
  | { readonly code: 'engine' }
  /** The step reads the optimizer's iterations, a number that JavaScript counts: a graph would freeze it. */
  | { readonly code: 'state' }
  /** The step changes what outlives it, or calls what may do something else each time: a graph would do neither. */
  | { readonly code: 'effect'; readonly effect: Effect }
  /** What the step uses is changed between steps, again and again. */
  | { readonly code: 'unsteady'; readonly effect: Effect }
  /** JavaScript inside the step looks at tensor values. */
  | { readonly code: 'readsData' }
  /** A random source that the graph cannot reproduce. */
  | { readonly code: 'random'; readonly source: string }
  /** The step makes or disposes variables each time. */
  | { readonly code: 'variables' }
  /** Two recordings of the step differ. */
  | { readonly code: 'changes'; readonly what: string }
  /** An operation that a graph cannot hold. */
  | { readonly code: 'operation'; readonly name: string }
  /** The engine refused the program: its own message. */
  | { readonly code: 'graph'; readonly details: string }
  /** The compiled step computed something else than the eager one. */
  | { readonly code: 'mismatch'; readonly what: string; readonly difference: number; readonly tolerance: number };

/** A reason, with the place in the learner's source that gave it where there is one. */
export type Refusal = Reason & { readonly location?: SourceLocation };

export type RefusalCode = Refusal['code'];

const at = ({ location }: Effect): Pick<Refusal, 'location'> => (location === undefined ? {} : { location });

export function located(reason: Refusal, location: SourceLocation | undefined): Refusal {
  return location === undefined || reason.location !== undefined ? reason : { ...reason, location };
}

export const refusal = {
  disabled: (): Refusal => ({ code: 'disabled' }),
  engine: (): Refusal => ({ code: 'engine' }),
  readsData: (): Refusal => ({ code: 'readsData' }),
  effect: (effect: Effect): Refusal => ({ code: 'effect', effect, ...at(effect) }),
  unsteady: (effect: Effect): Refusal => ({ code: 'unsteady', effect, ...at(effect) }),
  iterations: (): Refusal => ({ code: 'state' }),
  random: (source: string): Refusal => ({ code: 'random', source }),
  variables: (): Refusal => ({ code: 'variables' }),
  changes: (what: string): Refusal => ({ code: 'changes', what }),
  operation: (name: string): Refusal => ({ code: 'operation', name }),
  graph: (details: string): Refusal => ({ code: 'graph', details }),
  mismatch: (what: string, difference: number, tolerance: number): Refusal => ({
    code: 'mismatch',
    what,
    difference,
    tolerance,
  }),
};

/** Thrown inside this folder only; `CompiledFunction` turns it into its state. */
export class Refused extends Error {
  constructor(readonly reason: Refusal) {
    super(reason.code);
  }
}
