/** What is trained for, and measured on the way: loss, metrics, weights. */
import * as tf from '@tensorflow/tfjs';
import { classWeightTable } from '../../lab/checkWeights';
import type { Dataset } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import { resolveLoss, resolveMetric, type ResolvedLoss, type ResolvedMetric } from '../../lab/resolve';
import type { Tensors } from '../compile';
import { differentiable } from '../gradients';
import type { NonFinite } from '../errors';
import { keepingArguments } from './kept';
import { scoped } from './scope';

/** Loss and metrics ready to compute. */
export interface Objective {
  readonly loss: ResolvedLoss;
  readonly metrics: readonly ResolvedMetric[];
  /** How much each target counts in the training loss by its class, in the shape of the targets' indices. */
  readonly classWeights?: (yTrue: tf.Tensor) => tf.Tensor;
}

export function createObjective({
  data,
  loss,
  metrics = [],
  classWeights,
}: Pick<Experiment, 'data' | 'loss' | 'metrics' | 'classWeights'>): Objective {
  const resolved = resolveLoss(loss);
  const context = { loss: resolved, classes: data.classes.length };
  return {
    loss: { ...resolved, compute: keepingArguments(resolved.compute) },
    metrics: metrics.map((metric) => {
      const made = resolveMetric(metric, context);
      return { ...made, compute: keepingArguments(made.compute) };
    }),
    ...(classWeights === undefined ? {} : { classWeights: weightsByClass(classWeightTable(classWeights, data), data) }),
  };
}

function weightsByClass(table: readonly number[], { targetShape }: Dataset): NonNullable<Objective['classWeights']> {
  const isDistribution = targetShape.at(-1) === table.length;
  return (yTrue) => {
    const classes = isDistribution ? tf.argMax(yTrue, -1) : tf.reshape(yTrue, yTrue.shape.slice(0, 1));
    return tf.gather(tf.tensor1d([...table]), tf.cast(classes, 'int32'));
  };
}

/** The loss of a training step: an example counts by its class and by its own weight. */
export function trainingLoss({ loss, classWeights }: Objective, feeds: Tensors, yPred: tf.Tensor): tf.Scalar {
  const y = feed(feeds, 'y');
  const { weights } = feeds;
  const byClass = classWeights?.(y);
  const both = byClass !== undefined && weights !== undefined ? tf.mul(byClass, weights) : (byClass ?? weights);
  return loss.compute(y, yPred, both);
}

/** The loss of an evaluation: by the weights that the data has. */
export function evaluationLoss({ loss }: Objective, feeds: Tensors, yPred: tf.Tensor): tf.Scalar {
  return loss.compute(feed(feeds, 'y'), yPred, feeds['weights']);
}

/** Loss and metrics of an output that is there already. */
export function measure(
  objective: Objective,
  yTrue: tf.Tensor,
  yPred: tf.Tensor,
  loss: tf.Scalar,
): Record<string, tf.Tensor> {
  const values: Record<string, tf.Tensor> = { loss };
  for (const metric of objective.metrics) values[metric.name] = metric.compute(yTrue, yPred);
  return values;
}

/** A feed that a step cannot do without. */
export function feed(feeds: Tensors, name: 'x' | 'y'): tf.Tensor {
  const tensor = feeds[name];
  if (tensor === undefined) throw new Error(`The step was called without its feed ${name}.`);
  return tensor;
}

export function scalarValue(tensor: tf.Tensor): number {
  return tensor.dataSync()[0] ?? Number.NaN;
}

export function isFiniteTensor(tensor: tf.Tensor): boolean {
  if (tensor.dtype !== 'float32') return true;
  return scoped(() => scalarValue(tf.all(tf.isFinite(tensor))) === 1);
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
  forward: () => tf.Tensor,
  loss: (output: tf.Tensor) => tf.Scalar,
  variables: tf.Variable[],
): { readonly loss: tf.Scalar; readonly output: tf.Tensor; readonly gradients: tf.NamedTensorMap } {
  let kept: tf.Tensor | undefined;
  const lossOf = (): tf.Scalar => {
    kept = tf.keep(forward());
    return loss(kept);
  };
  try {
    const { value, grads } = differentiable(
      () => tf.variableGrads(lossOf, variables),
      () => loss(forward()),
    );
    if (kept === undefined) throw new Error('variableGrads did not call its function.');
    return { loss: value, output: tf.clone(kept), gradients: grads };
  } finally {
    kept?.dispose();
  }
}

/** The loss, or NaN where a gradient is not finite: what a step has to hold before it may change anything. */
export function guarded(loss: tf.Scalar, gradients: tf.NamedTensorMap): tf.Scalar {
  const sum = tf.addN(Object.values(gradients).map((gradient) => tf.sum(gradient)));
  return tf.where(tf.isFinite(sum), loss, Number.NaN);
}
