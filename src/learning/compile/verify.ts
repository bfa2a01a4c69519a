/**
 * Holds a compiled step against the eager one, both from the same state with the same feeds and random numbers.
 *
 * Outputs have to agree within 1e-4 of the tensor's largest magnitude. Variables have to agree within 1 % of the largest
 * change that the step made to any variable, plus 1e-6 of the variable's own magnitude (float32 rounding). One exception:
 * where an element's gradient is below 1e-5 of the largest gradient of all, it is rounding noise (the bias of a
 * convolution before batch normalisation), and an adaptive optimizer turns noise into steps of full size, in eager mode
 * too. There the difference may be as large as three of the largest changes.
 */
import type * as tf from '@tensorflow/tfjs';
import { refusal, type Refusal } from './reasons';

export const TOLERANCE = { output: 1e-4, change: 1e-2, value: 1e-6, noise: 1e-5, noiseChange: 3 } as const;

export interface Comparison {
  readonly outputs: {
    readonly eager: Record<string, tf.Tensor>;
    readonly compiled: Record<string, tf.Tensor>;
    /** Outputs whose numbers may differ by one. */
    readonly counts?: readonly string[] | undefined;
  };
  /** Each variable before the step, after the eager and after the compiled step. */
  readonly variables: readonly {
    readonly variable: tf.Variable;
    readonly before: tf.Tensor;
    readonly eager: tf.Tensor;
    readonly compiled: tf.Tensor;
  }[];
  /** Gradients of the eager step, for the exception. */
  readonly gradients: ReadonlyMap<tf.Variable, Float32Array>;
}

/** Why they do not agree, or undefined. */
export function compare({ outputs, variables, gradients }: Comparison): Refusal | undefined {
  for (const [name, eager] of Object.entries(outputs.eager)) {
    const compiled = outputs.compiled[name];
    if (compiled === undefined) return refusal.mismatch(name, Infinity, 0);
    const a = eager.dataSync();
    const counted = outputs.counts?.includes(name) === true ? 1 : 0;
    const allowed = TOLERANCE.output * largest(a) + 1e-7 + counted;
    const found = largestDifference(a, compiled.dataSync());
    if (!(found <= allowed)) return refusal.mismatch(name, found, allowed);
  }
  const values = variables.map((entry) => ({
    variable: entry.variable,
    before: entry.before.dataSync(),
    eager: entry.eager.dataSync(),
    compiled: entry.compiled.dataSync(),
  }));
  const largestChange = Math.max(0, ...values.map(({ before, eager }) => largestDifference(before, eager)));
  const noise = TOLERANCE.noise * Math.max(0, ...[...gradients.values()].map(largest));
  for (const { variable, eager, compiled } of values) {
    const gradient = gradients.get(variable);
    const tight = TOLERANCE.change * largestChange + TOLERANCE.value * largest(eager) + 1e-9;
    const loose = TOLERANCE.noiseChange * largestChange + tight;
    for (let i = 0; i < eager.length; i++) {
      const found = distance(eager[i] ?? NaN, compiled[i] ?? NaN);
      const allowed = gradient !== undefined && Math.abs(gradient[i] ?? 0) <= noise ? loose : tight;
      if (!(found <= allowed)) return refusal.mismatch(variable.name, found, allowed);
    }
  }
  return undefined;
}

type Numbers = Float32Array | Int32Array | Uint8Array;

/** Two values that are both not finite in the same way agree. */
function distance(a: number, b: number): number {
  return Object.is(a, b) ? 0 : Math.abs(a - b);
}

function largest(values: Numbers): number {
  let result = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > result && size < Infinity) result = size;
  }
  return result;
}

function largestDifference(a: Numbers, b: Numbers): number {
  let result = a.length === b.length ? 0 : Infinity;
  for (let i = 0; i < a.length; i++) {
    const found = distance(a[i] ?? NaN, b[i] ?? NaN);
    if (!(found <= result)) result = found;
  }
  return result;
}
