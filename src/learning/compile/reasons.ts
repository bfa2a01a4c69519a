/** Why a step runs eagerly instead of compiled. The sentences for people are in trainer/wording. */
export type Refusal =
  /** The user turned compiling off. */
  | { readonly code: 'disabled' }
  /** Another engine than native TensorFlow. */
  | { readonly code: 'engine' }
  /** The step reads the optimizer's iterations, a number that JavaScript counts: a graph would freeze it. */
  | { readonly code: 'state' }
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
  /** TensorFlow refused the graph: its own message. */
  | { readonly code: 'graph'; readonly details: string }
  /** The compiled step computed something else than the eager one. */
  | { readonly code: 'mismatch'; readonly what: string; readonly difference: number; readonly tolerance: number };

export type RefusalCode = Refusal['code'];

export const refusal = {
  disabled: (): Refusal => ({ code: 'disabled' }),
  engine: (): Refusal => ({ code: 'engine' }),
  readsData: (): Refusal => ({ code: 'readsData' }),
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
