/** The lesson's network with TensorFlow's own dropout, so that a rate is judged apart from the other answers. */
import { experiment, losses, tf, type InMemoryDataset, type Parameters, type PlainSplit } from 'deep-learning-lab';
import own, { type Network } from '../model';

const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });

/** Pictures of the lab, which lie in plain memory. */
export const data = own.data as InMemoryDataset;

function forward({ w1, b1, w2, b2, w3, b3 }: Network, pictures: tf.Tensor, rate: number): tf.Tensor {
  const drop = (x: tf.Tensor): tf.Tensor2D => (rate === 0 ? x : tf.dropout(x, rate)) as tf.Tensor2D;
  const x = tf.reshape<tf.Rank.R2>(pictures, [-1, 784]);
  const first = drop(tf.relu(tf.add(tf.matMul(x, w1), b1)));
  const second = drop(tf.relu(tf.add(tf.matMul(first, w2), b2)));
  return tf.add(tf.matMul(second, w3), b3);
}

const shapes: Readonly<Record<string, number[]>> = {
  w1: [784, 256],
  b1: [256],
  w2: [256, 256],
  b2: [256],
  w3: [256, 10],
  b3: [10],
};

function start(): Parameters {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      shape.length === 1 ? tf.zeros(shape) : tf.randomNormal(shape, 0, Math.sqrt((name === 'w3' ? 1 : 2) / shape[0])),
    ]),
  );
}

export const networkWith = (rate: number): ReturnType<typeof experiment> =>
  experiment({
    title: 'Check',
    data,
    parameters: start,
    forward: (parameters, x, { training }) => forward(parameters as Network, x, training ? rate : 0),
    optimizer: own.optimizer,
    loss,
    metrics: ['accuracy'],
    epochs: own.epochs,
    batchSize: own.batchSize,
    seed: own.seed ?? 1,
  });

/** The loss on the training pictures without dropout, as val_loss is measured: only so can the two be compared. */
export function trainingLoss(
  weights: readonly { name: string; values: Float32Array }[],
  { x, y, length }: PlainSplit,
): number {
  return tf.tidy(() => {
    const network = Object.fromEntries(weights.map(({ name, values }) => [name, tf.tensor(values, shapes[name])]));
    const pictures = tf.div(tf.tensor(Float32Array.from(x), [length, 28, 28, 1]), 255);
    const logits = forward(network as Network, pictures, 0);
    return loss.compute(tf.tensor(Array.from(y), [length], 'int32'), logits).dataSync()[0];
  });
}
