import type * as tf from '@tensorflow/tfjs';
import type { Dataset } from './dataset';

/** What a model builder is told about the data. */
export interface DataInfo {
  /** Shape of one example, without the batch dimension. */
  readonly inputShape: number[];
  /** Number of classes; 0 for regression. */
  readonly classes: number;
}

/**
 * A loss: mean over the batch, a scalar. `yTrue` has shape [batch] (int32 class indices) or [batch, ...targetShape]
 * (float32); `yPred` is the model's output.
 */
export type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Scalar;

/** A metric: one number a batch, averaged over an epoch weighted by batch size. Same arguments as a loss. */
export type MetricFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Scalar;

export type LossName =
  | 'sparseCategoricalCrossentropy'
  | 'categoricalCrossentropy'
  | 'binaryCrossentropy'
  | 'meanSquaredError'
  | 'meanAbsoluteError';

export type MetricName = 'accuracy' | 'meanSquaredError' | 'meanAbsoluteError';

/** A loss with a name, as the functions in `losses` make them. */
export interface Loss {
  readonly name: string;
  /** True when the model's output is logits: accuracy and pictures need to know. */
  readonly fromLogits: boolean;
  readonly compute: LossFunction;
}

export interface Metric {
  readonly name: string;
  readonly compute: MetricFunction;
}

export interface StopWhen {
  /** End as soon as an epoch reaches this, e.g. { metric: 'val_accuracy', atLeast: 0.9 }. */
  readonly target?:
    { readonly metric: string; readonly atLeast: number } | { readonly metric: string; readonly atMost: number };
  /** End when `val_loss` has not fallen for this many epochs. */
  readonly patience?: number;
}

interface Training {
  readonly title: string;
  readonly data: Dataset;
  /** A fresh optimizer for each run. */
  readonly optimizer: () => tf.Optimizer;
  readonly loss: LossName | Loss;
  readonly metrics?: readonly (MetricName | Metric)[];
  readonly epochs: number;
  readonly batchSize: number;
  /** Initial weights, shuffling and dropout follow from it: the same seed gives the same run. Default 1. */
  readonly seed?: number;
  readonly stopWhen?: StopWhen;
}

/** A model made of tfjs layers, differentiated by TensorFlow. */
export interface LayersExperiment extends Training {
  readonly model: (info: DataInfo) => tf.LayersModel;
}

/** Named tensors, e.g. { w1, b1, w2, b2 }. */
export type Parameters = Record<string, tf.Tensor>;

/** A model written in plain tensor operations; its gradients may be the learner's own. */
export interface FunctionalExperiment extends Training {
  /** Initial values; each becomes a variable. */
  readonly parameters: (info: DataInfo) => Parameters;
  /** The model's output for a batch `x` of shape [batch, ...inputShape]. */
  readonly forward: (parameters: Parameters, x: tf.Tensor, mode: { readonly training: boolean }) => tf.Tensor;
  /**
   * The gradient of the batch's mean loss with respect to each parameter, by name and in its shape. Left out,
   * TensorFlow differentiates `forward`.
   */
  readonly gradients?: (parameters: Parameters, x: tf.Tensor, yTrue: tf.Tensor) => Parameters;
}

export type ExperimentConfig = LayersExperiment | FunctionalExperiment;

/** The same symbol in every copy of the lab, so that an experiment is known whoever made it. */
export const BRAND = Symbol.for('deep-learning-lab.experiment');

/** The default export of a model file. Checked and frozen; nothing is built or loaded before training starts. */
export type Experiment = ExperimentConfig & { readonly [BRAND]: true };
