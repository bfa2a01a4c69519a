/**
 * One interface over everything that can be trained: a tfjs LayersModel, or parameters with a forward function. Its
 * steps are plain functions of tensors, so that the executor can compile them.
 */
import type * as tf from '@tensorflow/tfjs';
import type { LayerSummary } from '../../protocol/run';
import type { StepFunction, Tensors } from '../compile';
import type { NonFinite } from '../errors';
import type { Objective } from './objective';
import type { NamedTensor } from './optimizer';
import type { Lookup } from './tokens';

export interface Learner {
  readonly layers: readonly LayerSummary[];
  /** Number of trainable and other parameters. */
  readonly parameters: number;
  /** What looks up the input in a table, where something does. */
  readonly lookup?: Lookup | undefined;
  /** Every variable that a checkpoint has to hold, in a stable order. */
  readonly weights: readonly NamedTensor[];
  /** What is trained for, and measured. */
  readonly objective: Objective;
  /**
   * One optimizer step: { x [batch, ...inputShape], y [batch, ...targetShape] } and, where the data has any,
   * weights [batch] → { loss, …metrics, guard }, scalars or vectors of sums; guard is finite where the step may
   * be taken.
   */
  readonly train: StepFunction;
  /** As `train`, but that its gradients wait for those of the next batches: see optimizers.gradientAccumulationSteps. */
  readonly accumulate: StepFunction;
  /** Without training: { x, y, weights? } → { output, loss, …metrics }. */
  readonly evaluate: StepFunction;
  /** The model's output in inference mode: { x } → { output }. */
  readonly predict: StepFunction;
  /** The model's output for a batch, eagerly; the tensors belong to the surrounding scope. */
  forward(x: tf.Tensor, training: boolean): tf.Tensor;
  /** Explains a loss or a gradient that is not finite, given the batch { x, y } and the weights from before the step. */
  diagnose(feeds: Tensors): NonFinite;
  /** Overwrites the weights, in the order of `weights`. */
  setWeights(values: readonly tf.Tensor[]): void;
  dispose(): void;
}
