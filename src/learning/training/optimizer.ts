/** What the loop needs of a tfjs optimizer beyond applyGradients: its learning rate, its name and its whole state. */
import * as tf from '@tensorflow/tfjs';
import { LearningError } from '../errors';
import { rulesOf } from '../../lab/optimizers/rules';

interface Slot {
  readonly originalName: string;
  readonly variable: tf.Variable;
}

export interface NamedTensor {
  readonly name: string;
  readonly tensor: tf.Tensor;
}

/** The class's Keras name, e.g. "Adam". */
export function optimizerName(optimizer: tf.Optimizer): string {
  return rulesOf(optimizer)?.name ?? optimizer.getClassName();
}

/** The current learning rate, or undefined for an optimizer that has none. */
export function learningRate(optimizer: tf.Optimizer): number | undefined {
  const rate = (optimizer as unknown as { learningRate?: unknown }).learningRate;
  return typeof rate === 'number' ? rate : undefined;
}

export function setLearningRate(optimizer: tf.Optimizer, rate: number): void {
  const target = optimizer as unknown as { learningRate?: unknown; setLearningRate?: (rate: number) => void };
  // SGD and momentum keep a tensor made from the rate, which only their own setter renews.
  if (typeof target.setLearningRate === 'function') target.setLearningRate(rate);
  else if (typeof target.learningRate === 'number') target.learningRate = rate;
}

/**
 * Every variable an optimizer keeps, by property: `accumulatedFirstMoment/dense/kernel/m`, `accBeta1`, …
 * tfjs's own getWeights() leaves out the accumulated betas (restoring them only approximately) and does not exist
 * for Adamax; a resumed run must continue the same curve. The tensors belong to the optimizer: do not dispose them.
 */
export function optimizerState(optimizer: tf.Optimizer): NamedTensor[] {
  const state: NamedTensor[] = [];
  for (const [property, value] of Object.entries(optimizer)) {
    if (value instanceof tf.Variable) state.push({ name: property, tensor: value });
    else
      for (const slot of slotsOf(value))
        state.push({ name: `${property}/${slot.originalName}`, tensor: slot.variable });
  }
  return state;
}

/** Puts back what `optimizerState` gave; copies the tensors. `iterations` is the number of steps done. */
export function restoreOptimizerState(
  optimizer: tf.Optimizer,
  state: readonly NamedTensor[],
  iterations: number,
): void {
  const target = optimizer as unknown as Record<string, unknown>;
  const slots = new Map<string, Slot[]>();
  for (const { name, tensor } of state) {
    const slash = name.indexOf('/');
    if (slash < 0) {
      const variable = target[name];
      if (variable instanceof tf.Variable) variable.assign(tensor);
      continue;
    }
    const property = name.slice(0, slash);
    const list = slots.get(property) ?? [];
    list.push({ originalName: name.slice(slash + 1), variable: tf.variable(tensor, false) });
    slots.set(property, list);
  }
  for (const [property, list] of slots) {
    for (const old of slotsOf(target[property])) old.variable.dispose();
    target[property] = list;
  }
  target['iterations_'] = iterations;
}

export function disposeOptimizer(optimizer: tf.Optimizer): void {
  optimizer.dispose();
  // Some leave a variable behind (Adamax its iteration count), or a constant (momentum its rate).
  for (const { tensor } of optimizerState(optimizer)) tensor.dispose();
  for (const value of Object.values(optimizer)) if (value instanceof tf.Tensor) value.dispose();
}

function slotsOf(value: unknown): readonly Slot[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is Slot => (item as Partial<Slot> | null)?.variable instanceof tf.Variable);
}

/** What the learner's function returned must be an optimizer. @throws LearningError NOT_AN_OPTIMIZER */
export function checkedOptimizer(made: unknown): tf.Optimizer {
  if (made instanceof tf.Optimizer) return made;
  throw new LearningError({ code: 'NOT_AN_OPTIMIZER', made });
}
