/** What an optimizer of the lab does beside tfjs's own update. The learner's training step carries it out. */
import type * as tf from '@tensorflow/tfjs';
import type { Schedule } from '../schedules/schedule';

export interface UpdateRules {
  /** As Keras calls the optimizer, e.g. "AdamW". */
  readonly name: string;
  readonly schedule?: Schedule;
  /** Share of the rate by which each weight shrinks at each update. */
  readonly weightDecay?: number;
  /** Weights whose name holds one of these do not shrink. */
  readonly excludeFromWeightDecay?: readonly string[];
  readonly clip?: { readonly by: 'norm' | 'value' | 'globalNorm'; readonly limit: number };
  /** Gradients of so many batches make one update. */
  readonly accumulationSteps?: number;
}

/** The same in every copy of the lab. */
const RULES = Symbol.for('deep-learning-lab.updateRules');

export function withRules<O extends tf.Optimizer>(optimizer: O, rules: UpdateRules): O {
  // Not among the fields that a checkpoint or a watch over the optimizer walks.
  Object.defineProperty(optimizer, RULES, { value: Object.freeze(rules) });
  return optimizer;
}

/** Undefined for an optimizer that tfjs made, or the learner. */
export function rulesOf(optimizer: tf.Optimizer): UpdateRules | undefined {
  return (optimizer as unknown as Readonly<Record<symbol, UpdateRules | undefined>>)[RULES];
}
