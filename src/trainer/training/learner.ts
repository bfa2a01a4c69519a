/** One interface over everything that can be trained: a tfjs LayersModel, or parameters with a forward function. */
import type * as tf from '@tensorflow/tfjs';
import type { LayerSummary, Metrics } from '../../protocol/run';
import type { NamedTensor } from './optimizer';

/** Where numbers first stopped being finite. */
export interface NonFinite {
  /** A layer's or parameter's name; undefined when every layer is finite and only the loss is not. */
  readonly layer?: string;
  readonly what: 'weights' | 'output' | 'loss' | 'input' | 'gradient';
}

export interface StepOutcome {
  /** Loss (regularisation included) and train metrics of this batch. */
  readonly values: Metrics;
  /** Set when the loss is not finite; the weights are then still those before the step. */
  readonly nonFinite?: NonFinite;
}

export interface Learner {
  readonly layers: readonly LayerSummary[];
  /** Number of trainable and other parameters. */
  readonly parameters: number;
  /** Every variable that a checkpoint has to hold, in a stable order. */
  readonly weights: readonly NamedTensor[];
  /** One optimizer step on a batch x [batch, ...inputShape], y [batch, ...targetShape]. Leaks no tensor. */
  step(x: tf.Tensor, y: tf.Tensor): StepOutcome;
  /** Loss and metrics without training; `onOutput` may look at the model's output, which is disposed afterwards. */
  evaluate(x: tf.Tensor, y: tf.Tensor, onOutput?: (output: tf.Tensor) => void): Metrics;
  /** The model's output in inference mode; the caller disposes it. */
  predict(x: tf.Tensor): tf.Tensor;
  /** Overwrites the weights, in the order of `weights`. */
  setWeights(values: readonly tf.Tensor[]): void;
  dispose(): void;
}

/** A loss and metrics ready to compute, as experiments declare them. */
export interface Objective {
  readonly loss: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Scalar;
  readonly metrics: readonly {
    readonly name: string;
    readonly compute: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Scalar;
  }[];
}
