import { datasets, experiment, losses, optimizers, schedules, tf, type Parameters } from 'deep-learning-lab';

const EPOCHS = 10;
const BATCH = 16;
const STEPS_PER_EPOCH = 400;

/** A novel, character by character: 64 at a time, and of each the one that follows. */
export const data = datasets.text({
  from: 'moby-dick', // a text of your own: { file: 'shakespeare.txt' }, beside this file
  length: 64,
  perEpoch: BATCH * STEPS_PER_EPOCH,
});

// ── The network ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Size {
  readonly vocabulary: number;
  /** Tokens that it can look at. */
  readonly context: number;
  readonly layers: number;
  readonly heads: number;
  /** Numbers that stand for a token, a multiple of `heads`. */
  readonly width: number;
}

/** All weights by name: those of layer 0 are '0.query', '0.key', … */
export function parameters({ vocabulary, context, layers, width }: Size): Parameters {
  const random = (shape: number[], deviation = 0.02) => tf.randomNormal(shape, 0, deviation);
  // Each layer adds to what the ones below have made: with smaller steps, the more there are.
  const small = 0.02 / Math.sqrt(2 * layers);
  const weights: Parameters = {
    token: random([vocabulary, width]),
    position: random([context, width]),
    'norm.gain': tf.ones([width]),
  };
  for (let layer = 0; layer < layers; layer++) {
    Object.assign(weights, {
      [`${layer}.attention.norm.gain`]: tf.ones([width]),
      [`${layer}.attention.query`]: random([width, width]),
      [`${layer}.attention.key`]: random([width, width]),
      [`${layer}.attention.value`]: random([width, width]),
      [`${layer}.attention.out`]: random([width, width], small),
      [`${layer}.mlp.norm.gain`]: tf.ones([width]),
      [`${layer}.mlp.in`]: random([width, 4 * width]),
      [`${layer}.mlp.out`]: random([4 * width, width], small),
    });
  }
  return weights;
}

/** Each vector with mean 0 and variance 1, times a learned gain. */
function normalize(x: tf.Tensor, gain: tf.Tensor): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), gain);
}

/** x times the probability that a number drawn from the normal distribution is smaller than x. */
function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/** 0 where a token may look, at itself and back; so little that softmax makes 0 of it where it may not. [length, length] */
function causalMask(length: number): tf.Tensor {
  const place = tf.range(0, length, 1, 'int32');
  const isLater = tf.greater(place.reshape([1, length]), place.reshape([length, 1]));
  return tf.mul(tf.cast(isLater, 'float32'), -1e9);
}

/**
 * How much each token attends to which, a softmax in each row: [batch, heads, length, length].
 * @param x [batch · length, width]
 */
function attentionOf(weights: Parameters, x: tf.Tensor, layer: number, { heads, width }: Size, length: number) {
  // [batch · length, width] → [batch, heads, length, width of a head]
  const split = (name: string): tf.Tensor => {
    const projected = tf.matMul(x, weights[`${layer}.attention.${name}`]);
    return tf.transpose(tf.reshape(projected, [-1, length, heads, width / heads]), [0, 2, 1, 3]);
  };
  const scores = tf.mul(tf.matMul(split('query'), split('key'), false, true), 1 / Math.sqrt(width / heads));
  const shares = tf.softmax(tf.add(scores, causalMask(length)));
  return { shares, values: split('value') };
}

/** What a forward pass gives: the scores of each token to be the next, and the attention of every layer. */
export function run(weights: Parameters, tokens: tf.Tensor2D, size: Size) {
  const { layers, width } = size;
  const [batch, length] = tokens.shape;
  const looks: tf.Tensor[] = [];

  const words = tf.gather(weights.token, tf.reshape(tokens, [-1]));
  const places = tf.slice(weights.position, [0, 0], [length, width]);
  let x: tf.Tensor = tf.reshape(tf.add(tf.reshape(words, [batch, length, width]), places), [-1, width]);
  for (let layer = 0; layer < layers; layer++) {
    // Tokens look at each other …
    const { shares, values } = attentionOf(
      weights,
      normalize(x, weights[`${layer}.attention.norm.gain`]),
      layer,
      size,
      length,
    );
    looks.push(shares);
    const seen = tf.reshape(tf.transpose(tf.matMul(shares, values), [0, 2, 1, 3]), [-1, width]);
    x = tf.add(x, tf.matMul(seen, weights[`${layer}.attention.out`]));
    // … then each thinks for itself.
    const hidden = gelu(tf.matMul(normalize(x, weights[`${layer}.mlp.norm.gain`]), weights[`${layer}.mlp.in`]));
    x = tf.add(x, tf.matMul(hidden, weights[`${layer}.mlp.out`]));
  }
  // The vectors that stand for tokens are also what the answer is compared with: one table for both.
  const logits = tf.matMul(normalize(x, weights['norm.gain']), weights.token, false, true);
  return { logits: tf.reshape<tf.Rank.R3>(logits, [batch, length, size.vocabulary]), looks };
}

/** The scores of each token to be the next: [batch, length, vocabulary]. */
export const forward = (weights: Parameters, tokens: tf.Tensor2D, size: Size): tf.Tensor3D =>
  run(weights, tokens, size).logits;

// ── The training ────────────────────────────────────────────────────────────────────────────────────────────────────

export const size: Size = { vocabulary: data.vocabularySize, context: 64, layers: 4, heads: 4, width: 128 };

/** Up in a line, then down along a cosine: large steps are safe only where the network is no longer raw. */
export const schedule = schedules.warmUp({
  steps: 100,
  then: schedules.cosineDecay({ learningRate: 2e-3, decaySteps: EPOCHS * STEPS_PER_EPOCH - 100, alpha: 0.1 }),
});

export default experiment({
  title: 'GPT',
  data,

  parameters: () => parameters(size),
  forward: (weights, tokens: tf.Tensor2D) => forward(weights, tokens, size),
  attention: (weights, tokens) => run(weights, tokens, size).looks, // what the panel shows of it

  optimizer: optimizers.adamw({
    learningRate: schedule,
    beta2: 0.99,
    weightDecay: 0.1,
    excludeFromWeightDecay: ['norm', 'position'],
    globalClipNorm: 1,
  }),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy', 'perplexity'],

  epochs: EPOCHS,
  batchSize: BATCH,
  seed: 1,
});
