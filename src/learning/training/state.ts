/** Everything that continues the same curve later: where a training stood, and the tensors of its models. */
import * as tf from '@tensorflow/tfjs';
import { LearningError } from '../errors';
import type { Learner } from './learner';
import type { RateState } from './learningRate';
import { optimizerState, restoreOptimizerState, type NamedTensor } from './optimizer';
import type { Stopping } from './stopping';

/** Where the model to compare with stood. */
export interface ReferenceState {
  readonly learningRate: number;
  readonly scheduled?: RateState;
  readonly random: readonly number[];
  /** The step that it could not take, where it has ended. */
  readonly ended?: number;
}

/** Where a training stood: all that is needed, beside the tensors, to continue the same curve. */
export interface TrainingState {
  /** Epochs completed. */
  readonly epoch: number;
  readonly step: number;
  readonly seconds: number;
  readonly learningRate: number;
  /** Of its schedule; absent in checkpoints of earlier versions. */
  readonly rate?: RateState;
  readonly random: readonly number[];
  readonly stopping: ReturnType<Stopping['state']>;
  /** Of the model to compare with, where there is one. */
  readonly reference?: ReferenceState;
}

/** A model with its optimizer. */
export interface Model {
  readonly learner: Learner;
  readonly optimizer: tf.Optimizer;
}

/** The tensors of a model, in a stable order. They belong to the model: whoever is given them disposes none. */
export interface ModelTensors {
  readonly weights: readonly NamedTensor[];
  readonly optimizer: readonly NamedTensor[];
}

export function tensorsOf({ learner, optimizer }: Model): ModelTensors {
  return { weights: learner.weights, optimizer: optimizerState(optimizer) };
}

/** Puts weights and optimizer back; copies the tensors. @param steps done by then */
export function restoreTensors({ learner, optimizer }: Model, saved: ModelTensors, steps: number): void {
  learner.setWeights(saved.weights.map(({ tensor }) => tensor));
  restoreOptimizerState(optimizer, saved.optimizer, steps);
}

/** @throws LearningError WEIGHT_COUNT or WEIGHT_SHAPE: the first difference */
export function requireFit(
  expected: readonly NamedTensor[],
  saved: readonly { readonly name: string; readonly shape: readonly number[] }[],
): void {
  if (expected.length !== saved.length) {
    throw new LearningError({ code: 'WEIGHT_COUNT', expected: expected.length, found: saved.length });
  }
  expected.forEach(({ name, tensor }, index) => {
    const { name: other = '', shape = [] } = saved[index] ?? {};
    if (shape.join() === tensor.shape.join()) return;
    const found = { name: other, shape };
    throw new LearningError({ code: 'WEIGHT_SHAPE', expected: { name, shape: tensor.shape }, found });
  });
}
