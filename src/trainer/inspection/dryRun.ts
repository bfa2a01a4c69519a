/** One step on made-up data shows what only shows when numbers flow: layers of one's own, losses, gradients. */
import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../../lab/dataset';
import type { Experiment, FunctionalExperiment } from '../../lab/experiment';
import type { ResolvedLoss, ResolvedMetric } from '../../lab/resolve';
import { FunctionalLearner } from '../../learning/training/functionalLearner';
import type { Problems } from './problems';

/** Two: with one example, [batch] and [1] would be told apart too late. */
const BATCH = 2;

export interface Batch {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}

/** Zeros, in the shapes and types of the declared data. */
export function madeUpBatch({ inputShape, targetShape, classes }: Dataset): Batch {
  const indices = targetShape.length === 0 && classes.length > 0;
  return { x: tf.zeros([BATCH, ...inputShape]), y: tf.zeros([BATCH, ...targetShape], indices ? 'int32' : 'float32') };
}

/** Holds a model's answer against the loss, weighted where the experiment weights it, and the metrics. */
export function tryObjective(
  { classWeights }: Pick<Experiment, 'classWeights'>,
  y: tf.Tensor,
  output: tf.Tensor,
  loss: ResolvedLoss | undefined,
  metrics: readonly ResolvedMetric[],
  problems: Problems,
): void {
  const weights = classWeights === undefined ? undefined : tf.ones([BATCH]);
  const fits = loss === undefined || problems.attempt('loss', () => loss.compute(y, output, weights)) !== undefined;
  // What does not fit the loss seldom fits a metric, and one message is enough.
  for (const metric of fits ? metrics : []) problems.attempt('metrics', () => metric.compute(y, output));
}

/** One optimizer step of a model in plain tensor operations: its forward pass and its gradients, if it has its own. */
export function tryFunctional(
  experiment: FunctionalExperiment,
  parameters: Record<string, tf.Tensor>,
  optimizer: tf.Optimizer,
  loss: ResolvedLoss,
  { x, y }: Batch,
  problems: Problems,
): FunctionalLearner {
  const learner = new FunctionalLearner(experiment, parameters, { loss, metrics: [] }, optimizer);
  const field = experiment.gradients === undefined ? 'forward' : 'gradients';
  problems.attempt(field, () => learner.train({ x, y }));
  return learner;
}
