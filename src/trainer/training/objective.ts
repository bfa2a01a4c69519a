import * as tf from '@tensorflow/tfjs';
import type { Metrics } from '../../protocol/run';
import type { NonFinite, Objective } from './learner';
import { scoped } from './scope';

/** Loss and metrics of an output that is there already. */
export function measure(objective: Objective, yTrue: tf.Tensor, yPred: tf.Tensor, loss?: tf.Scalar): Metrics {
  return scoped(() => {
    const values: Record<string, number> = { loss: scalarValue(loss ?? objective.loss(yTrue, yPred)) };
    for (const metric of objective.metrics) values[metric.name] = scalarValue(metric.compute(yTrue, yPred));
    return values;
  });
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
