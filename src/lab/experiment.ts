import type * as tf from '@tensorflow/tfjs';
import type { MetricTraits } from '../protocol/run';
import type { Augmentation } from './augment/augmentation';
import type { Dataset, InputField, TargetField } from './dataset';
import type { GgufModel } from './models/languageModel';

/** What a model builder is told about the data. */
export interface DataInfo {
  /**
   * Shape of one example, without the batch dimension; of several inputs, that of the first. Where rows are of unequal
   * length, its first size is null, which layers take.
   */
  readonly inputShape: number[];
  /** Number of classes; 0 for regression. Of several targets, that of the first. */
  readonly classes: number;
  /** Of a data set with several inputs, all by name. */
  readonly inputs?: Readonly<Record<string, InputField>>;
  /** Of a data set with several targets, all by name. */
  readonly targets?: Readonly<Record<string, TargetField>>;
}

/**
 * A loss. `yTrue` has shape [batch, ...targetShape], int32 class indices or float32; `yPred` is the model's output.
 *
 * @returns The mean over the batch, a scalar; or one number for each target, [batch] (or [batch, …positions]), whose mean
 *   is taken then. Class weights and sample weights need the latter, or `each`.
 */
export interface LossFunction {
  (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor;
  /** The same before the mean is taken, for a function that takes it itself: [batch] or [batch, …positions]. */
  readonly each?: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;
}

/**
 * A metric of a batch; arguments as of a loss. A scalar, or one number for each target, whose mean is taken; data with a
 * `mask` needs the latter, or `each`.
 */
export interface MetricFunction {
  (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor;
  /** The same before the mean is taken, for a function that takes it itself: [batch] or [batch, …positions]. */
  readonly each?: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;
}

export type LossName =
  | 'sparseCategoricalCrossentropy'
  | 'categoricalCrossentropy'
  | 'binaryCrossentropy'
  | 'sparseCategoricalFocalCrossentropy'
  | 'categoricalFocalCrossentropy'
  | 'binaryFocalCrossentropy'
  | 'klDivergence'
  | 'meanSquaredError'
  | 'meanAbsoluteError'
  | 'huber';

export type MetricName =
  | 'accuracy'
  | 'binaryAccuracy'
  | 'topKAccuracy'
  | 'precision'
  | 'recall'
  | 'f1'
  | 'auc'
  | 'perplexity'
  | 'r2'
  | 'meanSquaredError'
  | 'meanAbsoluteError';

/** A loss with a name, as the functions in `losses` make them. */
export interface Loss {
  readonly name: string;
  /** True when the model's output is logits: accuracy and pictures need to know. */
  readonly fromLogits: boolean;
  readonly compute: LossFunction;
}

/**
 * A metric that is a mean: over the batch, and over an epoch the mean of its batches, weighted by their size. Where it is
 * no finite number in one batch, 0/0 for instance, the epoch has no value: such a metric is one of sums.
 */
export interface MeanMetric extends MetricTraits {
  readonly name: string;
  readonly compute: MetricFunction;
}

/**
 * A metric that is made of sums over the whole epoch, where a mean of the batches' values would be another number:
 * precision is right hits by hits, both counted over all batches.
 */
export interface SumMetric extends MetricTraits {
  readonly name: string;
  /**
   * What a batch adds: a vector of as many sums each time, float32 [sums]. Given a mask, [batch, …positions] with 1 for the
   * targets that count and 0 for the others, only the former do.
   */
  readonly sums: (yTrue: tf.Tensor, yPred: tf.Tensor, mask?: tf.Tensor) => tf.Tensor;
  /** The metric from the sums of one batch or of many. What is no finite number, e.g. 0/0, is not drawn. */
  readonly result: (sums: readonly number[]) => number;
}

export type Metric = MeanMetric | SumMetric;

export interface StopWhen {
  /** End as soon as an epoch reaches this, e.g. { metric: 'val_accuracy', atLeast: 0.9 }. */
  readonly target?:
    { readonly metric: string; readonly atLeast: number } | { readonly metric: string; readonly atMost: number };
  /** End when `val_loss` has not fallen for this many epochs. */
  readonly patience?: number;
}

interface Training<Q extends Parameters, X extends Batch> {
  readonly title: string;
  readonly data: Dataset;
  /**
   * Changes the examples of each training batch by chance, one after the other; part of the compiled step, seeded as all
   * else. Test data and pictures stay as they are.
   */
  readonly augment?: readonly Augmentation[];
  /** A fresh optimizer for each run. */
  readonly optimizer: () => tf.Optimizer;
  /** Of data with several targets, one for each by name. */
  readonly loss: LossName | Loss | Readonly<Record<string, LossName | Loss>>;
  /** Of several losses, how much each counts in their sum: { box: 0.5 }. Those left out count 1. */
  readonly lossWeights?: Readonly<Record<string, number>>;
  /** Of data with several targets, by name. */
  readonly metrics?: readonly (MetricName | Metric)[] | Readonly<Record<string, readonly (MetricName | Metric)[]>>;
  /**
   * How much an example counts in the training loss by its class: an array by class index, e.g. [1, 10], or an object by
   * class name, where the classes left out count 1. The loss is mean(weight · loss of the example), as in Keras; the test
   * loss and metrics are not weighted by it.
   */
  readonly classWeights?: readonly number[] | Readonly<Record<string, number>>;
  readonly epochs: number;
  readonly batchSize: number;
  /** Initial weights, shuffling and dropout follow from it: the same seed gives the same run. Default 1. */
  readonly seed?: number;
  readonly stopWhen?: StopWhen;
  /**
   * True: when the training ends, however it does, the weights are those of the epoch with the lowest `val_loss` again.
   * Of a resumed run, the epochs since the checkpoint count. Default false.
   */
  readonly restoreBest?: boolean;
  /**
   * A second model, trained beside this one from the same seed on the very same batches; its curves are drawn dashed in
   * the same charts. It has an optimizer and random numbers of its own: this model's figures are what they are without
   * it. The learning rate of the panel moves both, in proportion where the two differ. When its loss is no number any
   * more, only its own curve ends.
   */
  readonly compareWith?: Comparison<Q, X>;
  /**
   * After the training, this model and that of `compareWith` are trained afresh on the first n training examples, for
   * each n given here, and evaluated on the whole test data: val_accuracy (val_loss without the metric 'accuracy')
   * against n. Each training has as many epochs as this experiment, and more where that would be less than 200 steps,
   * but never more steps than the training on all examples has. `stopWhen` and a learning rate changed by hand do not
   * count there.
   */
  readonly sizes?: readonly number[];
  /**
   * Models of several sizes: after the training, each is trained afresh on the same data with the same seed, batches and
   * epochs, and evaluated after each epoch. The panel draws val_loss against the number of parameters and against the
   * floating-point operations of the training, with the power laws that fit best. `stopWhen`, `restoreBest` and a learning
   * rate changed by hand do not count there.
   */
  readonly modelSizes?: readonly ModelSize<Q, X>[];
}

/** What differs in the model of one size; the loss does not, so that all can be compared. */
export type ModelSize<Q extends Parameters = Parameters, X extends Batch = tf.Tensor> = Omit<Comparison<Q, X>, 'loss'>;

/** A model made of tfjs layers, differentiated by TensorFlow. */
export interface LayersExperiment<Q extends Parameters = Parameters, X extends Batch = tf.Tensor> extends Training<
  Q,
  X
> {
  /** May be `async`, for example to read a file first. */
  readonly model: (info: DataInfo) => tf.LayersModel | Promise<tf.LayersModel>;
  /**
   * Weights to begin with, in place of those that the model's initialisers draw: all of them in the order of
   * `model.weights`, or some by name (`layer/kernel`, as the panel shows them). They are copied; the tensors are disposed.
   */
  readonly initialWeights?: (info: DataInfo) => readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>>;
}

/** Named tensors, e.g. { w1, b1, w2, b2 }. */
export type Parameters = Record<string, tf.Tensor>;

/** A batch of the input, or of several inputs by name; so with outputs. */
export type Batch = tf.Tensor | Readonly<Record<string, tf.Tensor>>;

/** What is not trained, by name. */
export type Frozen = Readonly<Record<string, tf.Tensor>>;

/** How a forward pass is meant. */
export interface Mode {
  readonly training: boolean;
  /** What the experiment's `frozen` gave; empty without. */
  readonly frozen: Frozen;
}

/** One gradient for each parameter, by name and in its shape. */
export type Gradients<P extends Parameters> = { readonly [Name in keyof P]: tf.Tensor };

/** A model written in plain tensor operations; its gradients may be the learner's own. */
export interface FunctionalExperiment<
  P extends Parameters = Parameters,
  Q extends Parameters = Parameters,
  X extends Batch = tf.Tensor,
> extends Training<Q, X> {
  /** Initial values; each becomes a variable. Its type is that of the parameters in `forward` and `gradients`. */
  readonly parameters: (info: DataInfo) => P;
  /**
   * Tensors that `forward` uses and that stay as they are, by name: what somebody else has trained. They have no gradient, no
   * state of the optimizer, no place in checkpoints, and are never copied, however many steps there are. It is called when a
   * training begins, not in the editor. Variables stay the caller's, tensors are freed with the model.
   */
  readonly frozen?: () => Frozen | Promise<Frozen>;
  /**
   * The model's output for a batch `x` of shape [batch, ...inputShape]; of several inputs, all by name. Of several targets,
   * an output for each by name.
   */
  readonly forward: (parameters: P, x: X, mode: Mode) => Batch;
  /**
   * The gradient of the batch's mean loss with respect to each parameter, by name and in its shape. Left out,
   * TensorFlow differentiates `forward`. Not for data with several targets, weights or a mask.
   */
  readonly gradients?: (parameters: P, x: X, yTrue: tf.Tensor) => Gradients<P>;
  /**
   * Of a model of text: what its tokens attend to, shares from 0 to 1, for the same `x` that `forward` is given. Nothing is
   * trained by it; the panel shows it while the model trains. [batch, length] where a text is pooled into one vector; of a
   * transformer [batch, heads, length, length], one tensor for each layer from the lowest on: row i is what token i looks at.
   */
  readonly attention?: (parameters: P, x: X) => tf.Tensor | readonly tf.Tensor[];
  /** Of a language model that is trained further: the panel lets the learner talk to it, before, during and after the training. */
  readonly chat?: Chat<P>;
}

/** Whom a learner talks to in the panel. */
export interface Chat<P extends Parameters = Parameters> {
  /** The model as it was before the training; it stays the caller's. */
  readonly model: () => GgufModel | Promise<GgufModel>;
  /**
   * The weights that the training has changed, by their names in the model: see `GgufModel.with`. They are freed.
   * Left out, it is the model alone.
   */
  readonly merged?: (parameters: P, weights: Frozen) => Readonly<Record<string, tf.Tensor>>;
  /** What the model is told before a conversation. The learner can change it. Default: nothing. */
  readonly system?: string;
}

/**
 * What differs in the model to compare with; the rest is as in the experiment. One thing is never taken over: its
 * gradients are TensorFlow's unless `gradients` is given here.
 */
export interface Comparison<Q extends Parameters = Parameters, X extends Batch = tf.Tensor> {
  /** What its curves are called, e.g. "without dropout". */
  readonly label: string;
  /** Another model of layers. */
  readonly model?: (info: DataInfo) => tf.LayersModel | Promise<tf.LayersModel>;
  /** Other initial values; with `forward`, also beside an experiment made of layers. */
  readonly parameters?: (info: DataInfo) => Q;
  readonly forward?: (parameters: Q, x: X, mode: Mode) => Batch;
  readonly gradients?: (parameters: Q, x: X, yTrue: tf.Tensor) => Gradients<Q>;
  readonly optimizer?: () => tf.Optimizer;
  readonly loss?: Training<Q, X>['loss'];
}

export type ExperimentConfig<
  P extends Parameters = Parameters,
  Q extends Parameters = Parameters,
  X extends Batch = tf.Tensor,
> = LayersExperiment<Q, X> | FunctionalExperiment<P, Q, X>;

/** The same symbol in every copy of the lab, so that an experiment is known whoever made it. */
export const BRAND = Symbol.for('deep-learning-lab.experiment');

/** The default export of a model file. Checked and frozen; nothing is built or loaded before training starts. */
export type Experiment = ExperimentConfig<Parameters, Parameters, Batch> & { readonly [BRAND]: true };
