/** One step on made-up data shows what only shows when numbers flow: layers of one's own, losses, gradients. */
import * as tf from '@tensorflow/tfjs';
import type { Dataset, Shape } from '../../lab/dataset';
import type { Batch, Experiment } from '../../lab/experiment';
import { inputsOf, type Target } from '../../lab/fields';
import { lossFamily } from '../../lab/losses/define';
import type { ResolvedLoss, ResolvedMetric } from '../../lab/resolve';
import type { Tensors } from '../../learning/compile';
import { answerOf, feed, feedName, inputOf } from '../../learning/training/batch';
import type { Functional } from '../../learning/training/build';
import type { Learner } from '../../learning/training/learner';
import { updateFeeds } from '../../learning/training/update';
import { objectiveOf, type Objective } from '../../learning/training/objective';
import { FunctionalLearner } from '../../learning/training/functionalLearner';
import { applyModel, fixedBatch } from '../../learning/training/applyModel';
import { inputsKept, keeping, keepingArguments } from '../../learning/training/kept';
import { LayersLearner } from '../../learning/training/layersLearner';
import { flatLossFinding } from './checks/flatLoss';
import type { Problems } from './problems';

/** With one example, [batch] and [1] would be told apart too late. */
const ROWS = 2;
/** Positions of a row of unequal length. */
const POSITIONS = 5;
/** A model whose answer takes longer than this, milliseconds, is not differentiated too: the editor waits. */
const PATIENCE = 500;

/** What is held against the answer for one target; without a loss where the experiment's is none. */
export interface Tried {
  readonly target: Target;
  readonly loss: ResolvedLoss | undefined;
  readonly metrics: readonly ResolvedMetric[];
}

/** Zeros, in the shapes and types of the declared data; positions where rows are of unequal length. */
export function madeUpBatch(data: Dataset, tried: readonly Tried[], rows = ROWS): Tensors {
  const sized = (shape: Shape): number[] => [rows, ...shape.map((side) => side ?? POSITIONS)];
  const feeds: Record<string, tf.Tensor> = {};
  for (const { name, shape, type } of inputsOf(data)) feeds[feedName('x', name)] = tf.zeros(sized(shape), type);
  for (const { target, loss } of tried) {
    const { name, shape, classes } = target;
    const indices = classes.length > 0 && (shape.length === 0 || (loss !== undefined && lossFamily(loss) === 'sparse'));
    feeds[feedName('y', name)] = tf.zeros(sized(shape), indices ? 'int32' : 'float32');
    if (shape[0] === null) feeds[feedName('mask', name)] = tf.ones(sized(shape.slice(0, 1)));
  }
  return feeds;
}

/** The answer of a model of layers, held against losses and metrics, then one step of its training. */
export function tryLayers(
  experiment: Experiment,
  model: tf.LayersModel,
  optimizer: tf.Optimizer | undefined,
  tried: readonly Tried[],
  problems: Problems,
): LayersLearner | undefined {
  const feeds = madeUpBatch(experiment.data, tried, fixedBatch(model));
  const x = inputOf(feeds);
  const started = performance.now();
  const weights = model.weights.map(
    (weight) => ({ what: 'weight', tensor: weight.read(), name: weight.originalName }) as const,
  );
  const answer = problems.attempt('model', () =>
    keeping([...inputsKept(x), ...weights], () => applyModel(model, x, false)),
  );
  const isQuick = performance.now() - started < PATIENCE;
  const before = problems.all.length;
  if (answer !== undefined) tryObjective(experiment, feeds, answer, tried, problems);
  const objective = objectiveFor(tried);
  if (answer === undefined || optimizer === undefined || objective === undefined || problems.all.length > before)
    return;
  const learner = problems.attempt('model', () => {
    const made = new LayersLearner(model, objective, optimizer);
    if (isQuick) step(made, feeds, optimizer);
    return made;
  });
  for (const { target, loss } of learner !== undefined && isQuick ? tried : []) {
    const { name, classes } = target;
    const flat = loss && flatLossFinding(loss, feed(feeds, 'y', name), answerOf(answer, name).shape, classes.length);
    if (flat !== undefined) problems.add(flat);
  }
  return learner;
}

/** The losses without the metrics; undefined where one of them is none. */
function objectiveFor(tried: readonly Tried[]): Objective | undefined {
  const goals = tried.flatMap(({ target: { name }, loss }) =>
    loss === undefined
      ? []
      : [{ name, weight: 1, loss: { ...loss, compute: keepingArguments(loss.compute) }, metrics: [] }],
  );
  return goals.length === tried.length ? objectiveOf(goals) : undefined;
}

/** Holds a model's answer against the losses, weighted where the experiment weights them, and the metrics. */
export function tryObjective(
  { classWeights }: Pick<Experiment, 'classWeights'>,
  feeds: Tensors,
  output: Batch,
  tried: readonly Tried[],
  problems: Problems,
): void {
  for (const { target, loss, metrics } of tried) {
    const { name } = target;
    const [y, answer, mask] = [feed(feeds, 'y', name), answerOf(output, name), feeds[feedName('mask', name)]];
    const weights = classWeights === undefined ? undefined : tf.ones(answer.shape.slice(0, 1));
    const fits =
      loss === undefined ||
      problems.attempt('loss', () => keepingArguments(loss.compute)(y, answer, { weights, mask })) !== undefined;
    // What does not fit the loss seldom fits a metric, and one message is enough.
    for (const metric of fits ? metrics : []) {
      problems.attempt('metrics', () => keepingArguments(metric.compute)(y, answer, mask));
    }
  }
}

/** As a training makes it, with what the update asks for beside the batch. */
function step(learner: Learner, feeds: Tensors, optimizer: tf.Optimizer): Tensors {
  const own = updateFeeds(optimizer);
  try {
    return learner.train({ ...feeds, ...own });
  } finally {
    tf.dispose(own);
  }
}

/** One optimizer step of a model in plain tensor operations: its forward pass and its gradients, if it has its own. */
export function tryFunctional(
  experiment: Functional,
  parameters: Record<string, tf.Tensor>,
  optimizer: tf.Optimizer,
  { feeds, tried }: { readonly feeds: Tensors; readonly tried: readonly Tried[] },
  problems: Problems,
): void {
  const objective = objectiveFor(tried);
  if (objective === undefined) return;
  const learner = new FunctionalLearner(experiment, parameters, objective, optimizer);
  const field = experiment.gradients === undefined ? 'forward' : 'gradients';
  problems.attempt(field, () => step(learner, feeds, optimizer));
}
