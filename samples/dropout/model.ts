import { datasets, experiment, losses, tf, type Parameters } from 'deep-learning-lab';

/** Three layers; far more numbers than the 600 pictures they learn from can pin down. */
export interface Network extends Parameters {
  w1: tf.Tensor2D; // [784, HIDDEN]
  b1: tf.Tensor1D;
  w2: tf.Tensor2D; // [HIDDEN, HIDDEN]
  b2: tf.Tensor1D;
  w3: tf.Tensor2D; // [HIDDEN, CLASSES]
  b3: tf.Tensor1D;
}

const PIXELS = 28 * 28;
const HIDDEN = 256;
const CLASSES = 10;

// ── Exercises ───────────────────────────────────────────────────────────────────────────────────────────────────────

// 1. A mask of this shape: each number is 0 with the probability `rate` and 1 otherwise, drawn anew at each call.
export function mask(shape: number[], rate: number): tf.Tensor {
  return tf.ones(shape); // your code
}

// 2. x with the mask on it, scaled so that the expected value of each number stays what it was.
export function applyMask(x: tf.Tensor, mask: tf.Tensor, rate: number): tf.Tensor {
  return x; // your code
}

// 3. Dropout as a layer: in training with a fresh mask, otherwise nothing at all.
export function dropout(x: tf.Tensor, rate: number, training: boolean): tf.Tensor {
  return x; // your code
}

// 4. Which share of the hidden neurons to drop. Try several: the dashed curves show the network without.
export const rate = 0;

// ── The network that uses them ──────────────────────────────────────────────────────────────────────────────────────

export function forward(
  { w1, b1, w2, b2, w3, b3 }: Network,
  pictures: tf.Tensor,
  training: boolean,
  rate: number,
): tf.Tensor {
  const x = tf.reshape<tf.Rank.R2>(pictures, [-1, PIXELS]);
  const first = dropout(tf.relu(tf.add(tf.matMul(x, w1), b1)), rate, training) as tf.Tensor2D;
  const second = dropout(tf.relu(tf.add(tf.matMul(first, w2), b2)), rate, training) as tf.Tensor2D;
  return tf.add(tf.matMul(second, w3), b3);
}

export default experiment({
  title: 'Dropout',

  // Pictures of clothes, and few of them: 600 are easier to learn by heart than to understand.
  data: datasets.fashionMnist({ train: 600, test: 2_000 }),

  parameters: (): Network => ({
    w1: tf.randomNormal([PIXELS, HIDDEN], 0, Math.sqrt(2 / PIXELS)),
    b1: tf.zeros([HIDDEN]),
    w2: tf.randomNormal([HIDDEN, HIDDEN], 0, Math.sqrt(2 / HIDDEN)),
    b2: tf.zeros([HIDDEN]),
    w3: tf.randomNormal([HIDDEN, CLASSES], 0, Math.sqrt(1 / HIDDEN)),
    b3: tf.zeros([CLASSES]),
  }),

  forward: (network, x, { training }) => forward(network, x, training, rate),

  // The same network without dropout, on the same batches.
  compareWith: { label: 'without dropout', forward: (network, x, { training }) => forward(network, x, training, 0) },

  optimizer: () => tf.train.adam(0.001),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy'],

  epochs: 30,
  batchSize: 50,
  seed: 1,
});
