/** Pages with the pictures of a model's inside, made by the trainer's own makers on the real engine. */
import * as tf from '@tensorflow/tfjs';
import { losses, type Dataset, type FunctionalExperiment, type Parameters, type Split } from '../../../src/lab';
import type { HostToPanel } from '../../../src/protocol/panel';
import { findMasks } from '../../../src/learning/pictures/dropoutMasks';
import { withSummary } from '../../../src/words/pictures';
import { walkThrough } from '../../../src/learning/pictures/walkthrough';
import { useEngine } from '../../unit/lab/tensorflow';
import { pictured, type Pictured } from '../../unit/trainer/pictured';
import { CLOTHES } from './pictures';
import { root } from './page';
import { clothesScene, lazy } from './scenes';
import { clothes } from './training';

const HIDDEN = 32;
const STEPS = 60;
const key = '/runs/run-1';

function pictures(): Dataset {
  const { x, y } = clothes(root, 40);
  const split: Split = {
    length: x.length,
    x: Uint8Array.from(x.flatMap((picture) => Array.from(picture, (value) => Math.round(value * 255)))),
    y: Int32Array.from(y),
  };
  return {
    name: 'Fashion-MNIST',
    kind: 'images',
    inputShape: [28, 28, 1],
    classes: CLOTHES,
    targetShape: [],
    train: split.length,
    test: split.length,
    licence: 'Zalando SE, MIT licence',
    load: () => Promise.resolve({ train: split, test: split }),
  };
}

const rows = (x: tf.Tensor): tf.Tensor2D => tf.reshape(x, [-1, 784]);

/** 784 → 32 (tanh) → 10, as in the lesson on backpropagation. */
function network(dropout: (x: tf.Tensor, training: boolean) => tf.Tensor): FunctionalExperiment {
  return {
    title: 'Inside',
    data: pictures(),
    parameters: () => ({
      w1: tf.randomNormal([784, HIDDEN], 0, Math.sqrt(1 / 784), 'float32', 1),
      b1: tf.zeros([HIDDEN]),
      w2: tf.randomNormal([HIDDEN, 10], 0, Math.sqrt(1 / HIDDEN), 'float32', 2),
      b2: tf.zeros([10]),
    }),
    forward: ({ w1, b1, w2, b2 }: Parameters, x, { training }) => {
      const hidden = dropout(tf.tanh(tf.add(tf.matMul(rows(x), w1!), b1!)), training);
      return tf.add(tf.matMul(hidden, w2!), b2!);
    },
    optimizer: () => tf.train.sgd(0.2),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    epochs: 1,
    batchSize: 40,
  };
}

/** The gradients that the lesson asks for, with one mistake: the derivative of tanh is left out. */
function ownGradients({ w1, b1, w2, b2 }: Parameters, pixels: tf.Tensor, labels: tf.Tensor): Parameters {
  const x = rows(pixels);
  const hidden = tf.tanh(tf.add<tf.Tensor2D>(tf.matMul(x, w1!), b1!));
  const logits = tf.add(tf.matMul(hidden, w2!), b2!);
  const atOutput = tf.div<tf.Tensor2D>(tf.sub(tf.softmax(logits), tf.oneHot(labels, 10)), x.shape[0]);
  const atHidden = tf.matMul(atOutput, w2 as tf.Tensor2D, false, true);
  return {
    w1: tf.matMul(x, atHidden, true),
    b1: tf.sum(atHidden, 0),
    w2: tf.matMul(hidden, atOutput, true),
    b2: tf.sum(atOutput, 0),
  };
}

/** Some steps of real training. */
function train({ executor, test }: Pictured): void {
  const size = 784;
  for (let step = 1; step <= STEPS; step++) {
    const chosen = Array.from({ length: 40 }, (_, i) => (i * 10 + step) % test.length);
    const values = chosen.flatMap((i) => Array.from(test.x.subarray(i * size, (i + 1) * size), (byte) => byte / 255));
    const x = tf.tensor4d(values, [40, 28, 28, 1]);
    const y = tf.tensor1d(
      chosen.map((i) => test.y[i]!),
      'int32',
    );
    executor.step({ x, y }, step);
    tf.dispose([x, y]);
  }
  executor.sync();
}

async function trained<T>(config: FunctionalExperiment, look: (context: Pictured) => T): Promise<T> {
  await useEngine();
  const context = await pictured(config);
  try {
    train(context);
    return look(context);
  } finally {
    context.dispose();
  }
}

const plain = (x: tf.Tensor): tf.Tensor => x;
const at = { step: STEPS, epoch: 6 } as const;

async function walkScene(changes: Partial<FunctionalExperiment>): Promise<HostToPanel[]> {
  const config = { ...network(plain), ...changes };
  // Its own loss and gradients are looked at, not trained with.
  const walk = await trained(network(plain), (context) => walkThrough(context, config));
  return [
    ...clothesScene('paused', 0.6),
    { type: 'picture', key, picture: withSummary({ kind: 'walkthrough', ...at, ...walk }) },
  ];
}

export const INSIDE = {
  walkthrough: lazy(() => walkScene({ gradients: ownGradients })),
  'walkthrough-stub': lazy(() =>
    walkScene({ loss: { name: 'yourLoss', fromLogits: true, compute: () => tf.scalar(0) } }),
  ),
  masks: lazy(async (): Promise<HostToPanel[]> => {
    const half = network((x, training) => (training ? tf.dropout(x, 0.5) : x));
    const masks = await trained(half, (context) => findMasks(context, 1));
    if (masks === undefined) throw new Error('No masks were found.');
    return [
      ...clothesScene('training', 0.6),
      { type: 'picture', key, picture: withSummary({ kind: 'dropoutMasks', ...at, ...masks }) },
    ];
  }),
} satisfies Record<string, () => Promise<HostToPanel[]>>;
