/** What compiling knows of tfjs's optimizers: which are its own, what they keep, and which numbers a compiled step froze. */
import * as tf from '@tensorflow/tfjs';

export interface Slot {
  readonly variable: tf.Variable;
}

export interface Momentum {
  readonly m: tf.Scalar;
  readonly useNesterov: boolean;
  readonly accumulations: readonly Slot[];
}

export interface Adam {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accBeta1: tf.Variable;
  readonly accBeta2: tf.Variable;
  readonly accumulatedFirstMoment: readonly Slot[];
  readonly accumulatedSecondMoment: readonly Slot[];
}

export interface Adamax {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
  readonly accBeta1: tf.Variable;
  readonly iteration: tf.Variable;
  readonly accumulatedFirstMoment: readonly Slot[];
  readonly accumulatedWeightedInfNorm: readonly Slot[];
}

export interface RmsProp {
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;
  readonly accumulatedMeanSquares: readonly Slot[];
  readonly accumulatedMoments: readonly Slot[];
  readonly accumulatedMeanGrads: readonly Slot[];
}

export interface Adagrad {
  readonly accumulatedGrads: readonly Slot[];
}

export interface Adadelta {
  readonly rho: number;
  readonly epsilon: number;
  readonly accumulatedGrads: readonly Slot[];
  readonly accumulatedUpdates: readonly Slot[];
}

/** The variable beside the `index`-th that the optimizer was given. */
export const slotOf = (slots: readonly Slot[], index: number): tf.Variable => {
  const slot = slots[index];
  if (slot === undefined) throw new Error(`The optimizer has no slot ${index}.`);
  return slot.variable;
};

type Members = Readonly<Record<string, unknown>>;

/** tfjs's own optimizers, with the methods that they had before anybody could replace one. */
const OWN_TYPES: readonly { readonly prototype: object; readonly methods: Members }[] = [
  tf.SGDOptimizer,
  tf.MomentumOptimizer,
  tf.AdamOptimizer,
  tf.AdamaxOptimizer,
  tf.RMSPropOptimizer,
  tf.AdagradOptimizer,
  tf.AdadeltaOptimizer,
].map(({ prototype }) => ({ prototype, methods: methodsOf(prototype) }));

/** By name, inherited ones included. */
function methodsOf(prototype: object): Members {
  const inherited: unknown = Object.getPrototypeOf(prototype);
  const methods = Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { value }]) =>
    typeof value === 'function' && name !== 'constructor' ? [[name, value as unknown]] : [],
  );
  const above = typeof inherited === 'object' && inherited !== null ? methodsOf(inherited) : {};
  return { ...above, ...(Object.fromEntries(methods) as Members) };
}

/**
 * True for tfjs's own optimizers as tfjs made them. Others (a subclass, an own class, one with a method replaced) are
 * recorded like the rest of the step, and their numbers, the learning rate too, are constants of the graph.
 */
export function isOwn(optimizer: tf.Optimizer): boolean {
  const prototype: unknown = Object.getPrototypeOf(optimizer);
  const type = OWN_TYPES.find((candidate) => candidate.prototype === prototype);
  if (type === undefined) return false;
  const members = optimizer as unknown as Members;
  return Object.entries(type.methods).every(([name, method]) => members[name] === method);
}

/**
 * An optimizer's numbers and switches: a change of any of them needs another graph, except the learning rate where it
 * is an input. Of an optimizer that somebody wrote, these are its own fields: what getConfig tells need not be all.
 */
export function settingsOf(optimizer: tf.Optimizer, rateIsInput: boolean): string {
  let settings = '';
  for (const [name, value] of Object.entries(optimizer) as [string, unknown][]) {
    if (name === 'iterations_' || (rateIsInput && name === 'learningRate')) continue;
    if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string')
      settings += `${name}=${String(value)},`;
  }
  return settings;
}

/** The learning rate of any tfjs optimizer. */
export function learningRateOf(optimizer: tf.Optimizer): number {
  return (optimizer as unknown as { readonly learningRate: number }).learningRate;
}
