/** One step on made-up data shows what only shows when numbers flow: layers of one's own, losses, gradients. */
import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../../lab/dataset';
import type { Experiment, FunctionalExperiment } from '../../lab/experiment';
import type { ResolvedLoss, ResolvedMetric } from '../../lab/resolve';
import { FunctionalLearner } from '../../learning/training/functionalLearner';
import { applyModel, fixedBatch } from '../../learning/training/applyModel';
import { keeping, keepingArguments } from '../../learning/training/kept';
import { LayersLearner } from '../../learning/training/layersLearner';
import { flatLossFinding } from './checks/flatLoss';
import type { Problems } from './problems';

/** With one example, [batch] and [1] would be told apart too late. */
const ROWS = 2;
/** A model whose answer takes longer than this, milliseconds, is not differentiated too: the editor waits. */
const PATIENCE = 500;

export interface Batch {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
}

/** Zeros, in the shapes and types of the declared data. */
export function madeUpBatch({ inputShape, targetShape, classes }: Dataset, rows = ROWS): Batch {
  const indices = targetShape.length === 0 && classes.length > 0;
  return { x: tf.zeros([rows, ...inputShape]), y: tf.zeros([rows, ...targetShape], indices ? 'int32' : 'float32') };
}

/** The answer of a model of layers, held against loss and metrics, then one step of its training. */
export function tryLayers(
  experiment: Pick<Experiment, 'classWeights' | 'data'>,
  model: tf.LayersModel,
  optimizer: tf.Optimizer | undefined,
  loss: ResolvedLoss | undefined,
  metrics: readonly ResolvedMetric[],
  problems: Problems,
): LayersLearner | undefined {
  const { x, y } = madeUpBatch(experiment.data, fixedBatch(model));
  const started = performance.now();
  const weights = model.weights.map(
    (weight) => ({ what: 'weight', tensor: weight.read(), name: weight.originalName }) as const,
  );
  const answer = problems.attempt('model', () =>
    keeping([{ what: 'input', tensor: x }, ...weights], () => applyModel(model, x, false)),
  );
  const isQuick = performance.now() - started < PATIENCE;
  const before = problems.all.length;
  if (answer !== undefined) tryObjective(experiment, y, answer, loss, metrics, problems);
  if (answer === undefined || optimizer === undefined || loss === undefined || problems.all.length > before) return;
  const learner = problems.attempt('model', () => {
    const made = new LayersLearner(
      model,
      { loss: { ...loss, compute: keepingArguments(loss.compute) }, metrics: [] },
      optimizer,
    );
    if (isQuick) made.train({ x, y });
    return made;
  });
  const { classes } = experiment.data;
  const flat = learner && isQuick ? flatLossFinding(loss, y, answer.shape, classes.length) : undefined;
  if (flat !== undefined) problems.add(flat);
  return learner;
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
  const [rows = 1] = output.shape;
  const weights = classWeights === undefined ? undefined : tf.ones([rows]);
  const fits =
    loss === undefined ||
    problems.attempt('loss', () => keepingArguments(loss.compute)(y, output, weights)) !== undefined;
  // What does not fit the loss seldom fits a metric, and one message is enough.
  for (const metric of fits ? metrics : []) {
    problems.attempt('metrics', () => keepingArguments(metric.compute)(y, output));
  }
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
  const learner = new FunctionalLearner(
    experiment,
    parameters,
    { loss: { ...loss, compute: keepingArguments(loss.compute) }, metrics: [] },
    optimizer,
  );
  const field = experiment.gradients === undefined ? 'forward' : 'gradients';
  problems.attempt(field, () => learner.train({ x, y }));
  return learner;
}
