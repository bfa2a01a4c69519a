/** What is trained for, and measured on the way: loss, metrics, weights. */
import * as tf from '@tensorflow/tfjs';
import { classWeightTable } from '../../lab/checkWeights';
import type { Batch, Experiment, Loss, LossName, Metric, MetricName } from '../../lab/experiment';
import { outputSeries, SOLE, targetsOf, type Target } from '../../lab/fields';
import { lossFamily } from '../../lab/losses/define';
import { resolveLoss, resolveMetric, wideAs, type ResolvedLoss, type ResolvedMetric } from '../../lab/resolve';
import type { Tensors } from '../compile';
import { differentiable } from '../gradients';
import type { NonFinite } from '../errors';
import { fromEnd, SHARES } from './augmented';
import { answerOf, feed, feedName, mapped, tensorsOf } from './batch';
import { keepingArguments } from './kept';
import { scoped } from './scope';

/** Loss and metrics of one output, ready to compute. */
export interface Goal {
  /** The target's name, '' for the only one. */
  readonly name: string;
  readonly loss: ResolvedLoss;
  /** How much the loss counts in the sum. */
  readonly weight: number;
  readonly metrics: readonly ResolvedMetric[];
  /** How much each target counts in the training loss by its class, in the shape of the targets' indices. */
  readonly classWeights?: (yTrue: tf.Tensor) => tf.Tensor;
}

export interface Objective {
  /** One for each target. */
  readonly goals: readonly Goal[];
  /** All metrics, by the names that their curves have. */
  readonly metrics: readonly ResolvedMetric[];
}

export function objectiveOf(goals: readonly Goal[]): Objective {
  return {
    goals,
    metrics: goals.flatMap(({ name, metrics }) =>
      metrics.map((metric) => ({ ...metric, name: outputSeries(name, metric.name) })),
    ),
  };
}

export function createObjective({
  data,
  loss,
  lossWeights = {},
  metrics = [],
  classWeights,
}: Pick<Experiment, 'data' | 'loss' | 'lossWeights' | 'metrics' | 'classWeights'>): Objective {
  return objectiveOf(
    targetsOf(data).map((target) => {
      const { name } = target;
      const resolved = resolveLoss(lossNamed(loss, name));
      const context = { loss: resolved, classes: target.classes.length };
      return {
        name,
        loss: { ...resolved, compute: keepingArguments(resolved.compute) },
        weight: lossWeights[name] ?? 1,
        metrics: metricsNamed(metrics, name).map((metric) => {
          const made = resolveMetric(metric, context);
          return { ...made, compute: keepingArguments(made.compute) };
        }),
        ...(classWeights === undefined ? {} : { classWeights: weightsByClass(classWeights, target, resolved) }),
      };
    }),
  );
}

/** The loss of one target; the checks of `experiment` made sure that there is one. */
export function lossNamed(loss: Experiment['loss'], name: string): LossName | Loss {
  return name === SOLE
    ? (loss as LossName | Loss)
    : ((loss as Readonly<Record<string, LossName | Loss>>)[name] ?? ('' as never));
}

export function metricsNamed(metrics: Experiment['metrics'] = [], name: string): readonly (MetricName | Metric)[] {
  if (name === SOLE) return metrics as readonly (MetricName | Metric)[];
  return (metrics as Readonly<Record<string, readonly (MetricName | Metric)[]>>)[name] ?? [];
}

function weightsByClass(
  weights: NonNullable<Experiment['classWeights']>,
  { shape, classes }: Target,
  loss: ResolvedLoss,
): NonNullable<Goal['classWeights']> {
  const table = classWeightTable(weights, classes);
  const isDistribution = lossFamily(loss) !== 'sparse' && shape.at(-1) === table.length;
  // One answer of yes or no has a target [1].
  const isSingle = !isDistribution && shape.length === 1 && shape[0] === 1;
  return (yTrue) => {
    const indices = isSingle ? tf.reshape(yTrue, yTrue.shape.slice(0, 1)) : yTrue;
    return tf.gather(tf.tensor1d([...table]), tf.cast(isDistribution ? tf.argMax(yTrue, -1) : indices, 'int32'));
  };
}

/** The loss of a training step: an example counts by its class and by its own weight. */
export function trainingLoss(objective: Objective, feeds: Tensors, yPred: Batch): tf.Scalar {
  const { [SHARES]: shares, ...own } = feeds;
  if (shares === undefined) return weightedLoss(objective, own, yPred);
  // Each example is a blend of two, and so is its loss.
  const other = Object.fromEntries(
    Object.entries(own).map(([name, tensor]) => [name, BLENDED.has(name) ? fromEnd(tensor) : tensor]),
  );
  const part = (batch: Tensors, share: tf.Tensor): tf.Scalar => {
    const { weights } = batch;
    return weightedLoss(
      objective,
      { ...batch, weights: weights === undefined ? share : tf.mul(weights, share) },
      yPred,
    );
  };
  return tf.add(part(own, shares), part(other, tf.sub(1, shares)));
}

/** What belongs to the examples of a batch and not to their inputs. */
const BLENDED = new Set(['y', 'mask', 'weights']);

function weightedLoss({ goals }: Objective, feeds: Tensors, yPred: Batch): tf.Scalar {
  const { weights } = feeds;
  return total(
    goals.map((goal) => {
      const byClass = goal.classWeights?.(feed(feeds, 'y', goal.name));
      const both =
        byClass !== undefined && weights !== undefined
          ? tf.mul(byClass, wideAs(weights, byClass))
          : (byClass ?? weights);
      return goalLoss(goal, feeds, yPred, both);
    }),
  );
}

/** The loss of an evaluation: by the weights that the data has. */
export function evaluationLoss({ goals }: Objective, feeds: Tensors, yPred: Batch): tf.Scalar {
  return total(goals.map((goal) => goalLoss(goal, feeds, yPred, feeds['weights'])));
}

function goalLoss({ name, loss, weight }: Goal, feeds: Tensors, yPred: Batch, weights?: tf.Tensor): tf.Scalar {
  const mask = feeds[feedName('mask', name)];
  const value = loss.compute(feed(feeds, 'y', name), answerOf(yPred, name), { weights, mask });
  return weight === 1 ? value : tf.mul(value, weight);
}

function total(losses: readonly tf.Scalar[]): tf.Scalar {
  return losses.reduce((sum, loss) => tf.add(sum, loss));
}

/** Outputs that say how many targets counted in a batch. */
const COUNTED = 'counted';

/** How many targets of a goal counted in a batch, of what a step measured: where its data has a mask. */
export function countedName(name: string): string {
  return name === SOLE ? COUNTED : `${COUNTED}.${name}`;
}

/** Loss and metrics of an output that is there already. */
export function measure(
  { goals }: Objective,
  feeds: Tensors,
  yPred: Batch,
  loss: tf.Scalar,
): Record<string, tf.Tensor> {
  const values: Record<string, tf.Tensor> = { loss };
  for (const goal of goals) {
    const { name, metrics } = goal;
    const mask = feeds[feedName('mask', name)];
    const [yTrue, answer] = [feed(feeds, 'y', name), answerOf(yPred, name)];
    if (mask !== undefined) values[countedName(name)] = tf.sum(mask);
    if (name !== SOLE)
      values[outputSeries(name, 'loss')] = goal.loss.compute(yTrue, answer, { weights: feeds['weights'], mask });
    for (const metric of metrics) values[outputSeries(name, metric.name)] = metric.compute(yTrue, answer, mask);
  }
  return values;
}

export function scalarValue(tensor: tf.Tensor): number {
  return tensor.dataSync()[0] ?? Number.NaN;
}

export function isFiniteTensor(tensor: tf.Tensor): boolean {
  if (tensor.dtype !== 'float32') return true;
  return scoped(() => scalarValue(tf.all(tf.isFinite(tensor))) === 1);
}

/** True where none of a batch's tensors holds a NaN or an infinity. */
export function isFiniteBatch(batch: Batch): boolean {
  return tensorsOf(batch).every(({ tensor }) => isFiniteTensor(tensor));
}

/** First entry whose tensor holds a NaN or an infinity. */
export function firstNonFinite(
  tensors: readonly { readonly name: string; readonly tensor: tf.Tensor }[],
  what: NonFinite['what'],
): NonFinite | undefined {
  const found = tensors.find(({ tensor }) => !isFiniteTensor(tensor));
  return found === undefined ? undefined : { layer: found.name, what };
}

/**
 * Runs a forward pass with a loss, differentiates it, and keeps the output, which variableGrads alone would free.
 * The tensors belong to the surrounding scope.
 */
export function differentiate(
  forward: () => Batch,
  loss: (output: Batch) => tf.Scalar,
  variables: tf.Variable[],
): { readonly loss: tf.Scalar; readonly output: Batch; readonly gradients: tf.NamedTensorMap } {
  let kept: Batch | undefined;
  const lossOf = (): tf.Scalar => {
    kept = keptBatch(forward());
    return loss(kept);
  };
  try {
    const { value, grads } = differentiable(
      () => tf.variableGrads(lossOf, variables),
      () => loss(forward()),
    );
    if (kept === undefined) throw new Error('variableGrads did not call its function.');
    return { loss: value, output: mapped(kept, (tensor) => tf.clone(tensor)), gradients: grads };
  } finally {
    if (kept !== undefined) tf.dispose(kept);
  }
}

const keptBatch = (batch: Batch): Batch => mapped(batch, (tensor) => tf.keep(tensor));

/** The loss, or NaN where a gradient is not finite: what a step has to hold before it may change anything. */
export function guarded(loss: tf.Scalar, gradients: tf.NamedTensorMap): tf.Scalar {
  const sum = tf.addN(Object.values(gradients).map((gradient) => tf.sum(gradient)));
  return tf.where(tf.isFinite(sum), loss, Number.NaN);
}
