import * as tf from '@tensorflow/tfjs';
import type { Tensors } from '../compile';
import { differentiable } from '../gradients';
import type { NonFinite } from '../errors';
import type { Objective } from './learner';
import { scoped } from './scope';

/** Loss and metrics of an output that is there already, as scalars. */
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
