/**
 * One interface over everything that can be trained: a tfjs LayersModel, or parameters with a forward function. Its
 * steps are plain functions of tensors, so that the executor can compile them.
 */
import type * as tf from '@tensorflow/tfjs';
import type { Batch } from '../../lab/experiment';
import type { LayerSummary } from '../../protocol/run';
import type { StepFunction, Tensors } from '../compile';
import type { NonFinite } from '../errors';
import type { Objective } from './objective';
import type { NamedTensor } from './optimizer';
import type { Lookup } from './tokens';

export interface Learner {
  /** Where it is made of layers. */
  readonly model?: tf.LayersModel;
  readonly layers: readonly LayerSummary[];
  /** Number of trainable and other parameters. */
  readonly parameters: number;
  /** Bytes of its weights, those that are frozen included. */
  readonly weightBytes: number;
  /** What looks up an input in a table, where something does. */
  readonly lookups?: readonly Lookup[];
  /** Of each target by name, how many numbers the answer has: where that is known before it is computed. */
  readonly units?: Readonly<Record<string, number>>;
  /** Every variable that a checkpoint has to hold, in a stable order. */
  readonly weights: readonly NamedTensor[];
  /** What is trained for, and measured. */
  readonly objective: Objective;
  /**
   * One optimizer step on a batch (`batchOf`): { x [batch, ...inputShape], y [batch, ...targetShape] }, of several inputs or
   * targets by name, and, where the data has any, weights and masks → { loss, …metrics, counted, guard }, scalars or
   * vectors of sums; guard is finite where the step may be taken; counted is how many targets the mask let count.
   */
  readonly train: StepFunction;
  /** As `train`, but that its gradients wait for those of the next batches: see optimizers.gradientAccumulationSteps. */
  readonly accumulate: StepFunction;
  /** As `train`, but nothing is changed: for whoever wants to know what a step takes. */
  readonly trial: StepFunction;
  /** Without training: a batch → { output, loss, …metrics, counted }; of several outputs, output.name. */
  readonly evaluate: StepFunction;
  /** The model's output in inference mode: { x } → { output }. */
  readonly predict: StepFunction;
  /** The model's output for a batch, eagerly; the tensors belong to the surrounding scope. */
  forward(x: Batch, training: boolean): Batch;
  /**
   * What its tokens attend to, eagerly; undefined where the experiment does not say. The tensors belong to the surrounding
   * scope; x is [batch, length], they are [batch, length], one, or [batch, heads, length, length], one a layer.
   * @throws LearningError ATTENTION_SHAPE
   */
  readonly attention?: (x: tf.Tensor) => readonly tf.Tensor[];
  /** Explains a loss or a gradient that is not finite, given the batch { x, y } and the weights from before the step. */
  diagnose(feeds: Tensors): NonFinite;
  /** Overwrites the weights, in the order of `weights`. */
  setWeights(values: readonly tf.Tensor[]): void;
  dispose(): void;
}
