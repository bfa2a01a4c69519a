import { datasets, experiment, losses, tf, type Parameters } from 'deep-learning-lab';

/** All that the network learns: the weights and biases of its two layers. */
export interface Network extends Parameters {
  w1: tf.Tensor2D; // [784, HIDDEN]
  b1: tf.Tensor1D; // [HIDDEN]
  w2: tf.Tensor2D; // [HIDDEN, CLASSES]
  b2: tf.Tensor1D; // [CLASSES]
}

const PIXELS = 28 * 28;
const HIDDEN = 32;
const CLASSES = 10;

// ── Forward ─────────────────────────────────────────────────────────────────────────────────────────────────────────
// x [batch, 784]  →  hidden = tanh(x·w1 + b1) [batch, HIDDEN]  →  logits = hidden·w2 + b2 [batch, CLASSES]

export function forward({ w1, b1, w2, b2 }: Network, x: tf.Tensor2D): { hidden: tf.Tensor2D; logits: tf.Tensor2D } {
  const hidden = tf.tanh(tf.add<tf.Tensor2D>(tf.matMul(x, w1), b1));
  const logits = tf.add<tf.Tensor2D>(tf.matMul(hidden, w2), b2);
  return { hidden, logits };
}

// ── Exercises ───────────────────────────────────────────────────────────────────────────────────────────────────────

// 1. The loss: the mean over the batch of −log p, where p is the probability that softmax gives to the right class.
export function loss(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor {
  return tf.scalar(0); // your code
}

// 2. ∂L/∂logits [batch, CLASSES]: how the loss changes with each number that the last layer gives.
export function outputGradient(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor2D {
  return tf.zerosLike(logits); // your code
}

// 3. ∂L/∂z [batch, HIDDEN], where z = x·w1 + b1 and hidden = tanh(z): back through w2, then through tanh.
export function hiddenGradient(outputGradient: tf.Tensor2D, w2: tf.Tensor2D, hidden: tf.Tensor2D): tf.Tensor2D {
  return tf.zerosLike(hidden); // your code
}

// 4. The gradient of every weight and bias, in the shape of the weight or bias.
export function parameterGradients(
  x: tf.Tensor2D,
  hidden: tf.Tensor2D,
  hiddenGradient: tf.Tensor2D,
  outputGradient: tf.Tensor2D,
): Network {
  return {
    w1: tf.zeros([PIXELS, HIDDEN]), // your code
    b1: tf.zeros([HIDDEN]), // your code
    w2: tf.zeros([HIDDEN, CLASSES]), // your code
    b2: tf.zeros([CLASSES]), // your code
  };
}

// 5. The slope of f in the direction of each element of w, measured: from f a little to both sides of w.
export function numericalGradient(f: (w: tf.Tensor1D) => number, w: tf.Tensor1D, epsilon: number): tf.Tensor1D {
  return tf.zerosLike(w); // your code
}

// ── The training that your gradients drive ──────────────────────────────────────────────────────────────────────────

export function backward(network: Network, x: tf.Tensor2D, labels: tf.Tensor1D): Network {
  const { hidden, logits } = forward(network, x);
  const dLogits = outputGradient(logits, labels);
  const dHidden = hiddenGradient(dLogits, network.w2, hidden);
  return parameterGradients(x, hidden, dHidden, dLogits);
}

/** Pictures [batch, 28, 28, 1] as rows [batch, 784]. */
const rows = (pictures: tf.Tensor): tf.Tensor2D => tf.reshape(pictures, [-1, PIXELS]);

export default experiment({
  title: 'Your own gradients',

  // Handwritten digits, 28 × 28 pixels, grey.
  data: datasets.mnist({ train: 10_000, test: 2_000 }),

  // Small random weights: with equal ones, all hidden neurons would stay equal for ever.
  parameters: (): Network => ({
    w1: tf.randomNormal([PIXELS, HIDDEN], 0, Math.sqrt(1 / PIXELS)),
    b1: tf.zeros([HIDDEN]),
    w2: tf.randomNormal([HIDDEN, CLASSES], 0, Math.sqrt(1 / HIDDEN)),
    b2: tf.zeros([CLASSES]),
  }),

  forward: (network, x) => forward(network, rows(x)).logits,

  // TensorFlow differentiates nothing here: it moves the weights by what your functions return.
  gradients: (network, x, labels) => backward(network, rows(x), labels as tf.Tensor1D),

  optimizer: () => tf.train.sgd(0.2),

  loss: {
    name: 'yourLoss',
    fromLogits: true,
    compute: (labels, logits) => loss(logits as tf.Tensor2D, labels as tf.Tensor1D) as tf.Scalar,
  },
  metrics: ['accuracy'],

  // The same network beside it, on the same batches: with the loss of the lab, differentiated by TensorFlow.
  compareWith: { label: "TensorFlow's gradients", loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }) },

  epochs: 8,
  batchSize: 32,
  seed: 1,
});
