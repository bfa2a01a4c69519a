import {
  datasets,
  experiment,
  losses,
  models,
  optimizers,
  schedules,
  tf,
  type MeanMetric,
  type Parameters,
} from 'deep-learning-lab';

const EPOCHS = 4;
const BATCH = 4;
const STEPS_PER_EPOCH = 31;

/** Tokens of an answer, at most. */
const ANSWER = 10;

/** What the model is told before each request, before the training as well as after it. */
export const SYSTEM = 'Answer with one command: device, room, action.';

/** What people say to a house, and the command that is meant. Yours: a line is a request, a tab, its answer. */
export const data = datasets.conversations({ file: 'commands.tsv', system: SYSTEM, length: 47, answer: ANSWER });

/** The sizes of SmolLM2: `(await models.gguf()).sizes`. */
export const sizes = {
  layers: 30,
  width: 576,
  heads: 9,
  keyValueHeads: 3, // each serves three of the heads
  headWidth: 64,
  ropeBase: 100_000,
  epsilon: 1e-5,
};
export type Sizes = typeof sizes;

// ── LoRA ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** So many numbers are between the two matrices that stand for the change of a large one. */
export const RANK = 8;
/** How much the change counts: SCALE · A · B. */
export const SCALE = 2;
/** The first layer that changes. Those below are computed, but no gradient goes through them: a third less work. */
const FIRST = 18;
/** The matrices that change, of each layer: rows in, rows out. */
const TARGETS = ({ width, heads, keyValueHeads, headWidth }: Sizes): Record<string, [number, number]> => ({
  attn_q: [width, heads * headWidth],
  attn_k: [width, keyValueHeads * headWidth],
  attn_v: [width, keyValueHeads * headWidth],
  attn_output: [heads * headWidth, width],
});

/** For each matrix two small ones. B begins with zeros: in the first step the model is what it was. */
export function adapters(of: Sizes = sizes): Parameters {
  const weights: Parameters = {};
  for (let layer = FIRST; layer < of.layers; layer++) {
    for (const [name, [inside, outside]] of Object.entries(TARGETS(of))) {
      weights[`${layer}.${name}.A`] = tf.randomNormal([inside, RANK], 0, 1 / Math.sqrt(inside));
      weights[`${layer}.${name}.B`] = tf.zeros([RANK, outside]);
    }
  }
  return weights;
}

/**
 * x times a matrix of the file, which has a row for each output, and times its change where it has one.
 * @param x [tokens, inside]
 */
function linear(x: tf.Tensor, name: string, layer: number, frozen: Weights, learned: Parameters): tf.Tensor {
  const y = tf.matMul(x, frozen[`blk.${layer}.${name}.weight`], false, true);
  if (!(`${layer}.${name}.A` in learned)) return y;
  const [A, B] = [learned[`${layer}.${name}.A`], learned[`${layer}.${name}.B`]];
  // From the left, so that A · B, as large as the matrix, is never made.
  return tf.add(y, tf.mul(tf.matMul(tf.matMul(x, A), B), SCALE));
}

/** The matrices that have changed, to be put into the model: W + SCALE · (A · B)ᵀ. */
export function merged(frozen: Weights, learned: Parameters, of: Sizes = sizes): Record<string, tf.Tensor> {
  const weights: Record<string, tf.Tensor> = {};
  for (let layer = FIRST; layer < of.layers; layer++) {
    for (const name of Object.keys(TARGETS(of))) {
      const change = tf.matMul(learned[`${layer}.${name}.A`], learned[`${layer}.${name}.B`]);
      const file = `blk.${layer}.${name}.weight`;
      weights[file] = tf.add(frozen[file], tf.mul(tf.transpose(change), SCALE));
    }
  }
  return weights;
}

// ── The model, as it was trained by others ──────────────────────────────────────────────────────────────────────────

type Weights = Readonly<Record<string, tf.Tensor>>;

/** Each vector with the root mean square 1, times a gain. */
function normalize(x: tf.Tensor, gain: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon))), gain);
}

/** Turns neighbouring numbers by an angle that grows with the position, at another speed each pair. [batch, heads, length, width] */
function rotate(x: tf.Tensor, base: number): tf.Tensor {
  const [batch, heads, length, width] = x.shape as [number, number, number, number];
  const speeds = tf.pow(base, tf.mul(tf.range(0, width / 2), -2 / width));
  const angles = tf.mul(tf.reshape(tf.range(0, length), [length, 1]), speeds);
  const [cos, sin] = [tf.cos(angles), tf.sin(angles)];
  const [a, b] = tf.unstack(tf.reshape(x, [batch, heads, length, width / 2, 2]), -1);
  const turned = [tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))];
  return tf.reshape(tf.stack(turned, -1), x.shape);
}

/**
 * 0 where a token may look, at itself and back; so little that softmax makes 0 of it where it may not: later, and at the
 * zeros before a row. [batch, 1, length, length]
 */
function maskOf(tokens: tf.Tensor2D): tf.Tensor4D {
  const [batch, length] = tokens.shape;
  const place = tf.range(0, length, 1, 'int32');
  const isLater = tf.greater(place.reshape([1, length]), place.reshape([length, 1]));
  const isEmpty = tf.reshape(tf.equal(tokens, 0), [batch, 1, 1, length]);
  const isHidden = tf.logicalOr(isLater.reshape([1, 1, length, length]), isEmpty);
  return tf.mul<tf.Tensor4D>(tf.cast(isHidden, 'float32'), -1e9);
}

/**
 * The scores of the tokens that follow the last ones: [batch, last, vocabulary].
 * @param tokens [batch, length], zeros before shorter rows
 */
export function forward(
  learned: Parameters,
  tokens: tf.Tensor2D,
  frozen: Weights,
  last = ANSWER,
  of = sizes,
): tf.Tensor {
  const { layers, width, epsilon } = of;
  const [batch, length] = tokens.shape;
  const mask = maskOf(tokens);
  const embedding = frozen['token_embd.weight'];
  let x = tf.gather(embedding, tf.reshape(tokens, [-1]));
  for (let layer = 0; layer < layers; layer++) {
    x = tf.tidy(() => block(x, mask, layer, frozen, learned, of));
  }
  const ends = tf.slice(tf.reshape(x, [batch, length, width]), [0, length - last, 0], [batch, last, width]);
  const h = normalize(tf.reshape(ends, [-1, width]), frozen['output_norm.weight'], epsilon);
  return tf.reshape(tf.matMul(h, embedding, false, true), [batch, last, -1]);
}

/** One layer: [batch · length, width] → the same. */
function block(
  x: tf.Tensor,
  mask: tf.Tensor4D,
  layer: number,
  frozen: Weights,
  learned: Parameters,
  of: Sizes,
): tf.Tensor {
  const { heads, keyValueHeads, headWidth, epsilon, ropeBase } = of;
  const [batch, , , length] = mask.shape;
  const group = heads / keyValueHeads;
  const gain = (name: string) => frozen[`blk.${layer}.${name}.weight`];
  const times = (input: tf.Tensor, name: string) => linear(input, name, layer, frozen, learned);
  // [batch · length, heads · headWidth] → [batch, heads, length, headWidth]
  const split = (input: tf.Tensor, name: string, count: number) =>
    tf.transpose(tf.reshape(times(input, name), [batch, length, count, headWidth]), [0, 2, 1, 3]);

  // Tokens look at each other: three heads ask the same keys, one below the other …
  const h = normalize(x, gain('attn_norm'), epsilon);
  const q = tf.reshape(rotate(split(h, 'attn_q', heads), ropeBase), [batch, keyValueHeads, group * length, headWidth]);
  const k = rotate(split(h, 'attn_k', keyValueHeads), ropeBase);
  const scores = tf.mul(tf.matMul(q, k, false, true), headWidth ** -0.5);
  const shares = tf.softmax(tf.add(tf.reshape(scores, [batch, heads, length, length]), mask));
  const looks = tf.reshape(shares, [batch, keyValueHeads, group * length, length]);
  const seen = tf.reshape(tf.matMul(looks, split(h, 'attn_v', keyValueHeads)), [batch, heads, length, headWidth]);
  const side = tf.reshape(tf.transpose(seen, [0, 2, 1, 3]), [-1, heads * headWidth]);
  const y = tf.add(x, times(side, 'attn_output'));

  // … then each thinks for itself.
  const m = normalize(y, gain('ffn_norm'), epsilon);
  const gate = times(m, 'ffn_gate');
  return tf.add(y, times(tf.mul(tf.mul(gate, tf.sigmoid(gate)), times(m, 'ffn_up')), 'ffn_down'));
}

// ── The training ────────────────────────────────────────────────────────────────────────────────────────────────────

/** How often the likeliest token is the right one. */
const accuracy: MeanMetric = {
  name: 'accuracy',
  compute: (tokens, logits) => tf.cast(tf.equal(tf.argMax(logits, -1), tokens), 'float32'),
  range: [0, 1],
  better: 'higher',
};

export default experiment({
  title: 'LoRA',
  data,

  parameters: () => adapters(),
  // 134,515,008 numbers, in memory once: none of them is trained.
  frozen: async () => (await models.gguf()).weights,
  forward: (learned, tokens: tf.Tensor2D, { frozen }) => forward(learned, tokens, frozen),

  // The panel's chat: the model with the matrices as they are now, and beside it as it came.
  chat: { model: () => models.gguf(), merged: (learned, frozen) => merged(frozen, learned), system: SYSTEM },

  optimizer: optimizers.adamw({
    learningRate: schedules.warmUp({
      steps: 10,
      then: schedules.cosineDecay({ learningRate: 2e-3, decaySteps: EPOCHS * STEPS_PER_EPOCH - 10, alpha: 0.1 }),
    }),
    weightDecay: 0,
    globalClipNorm: 1,
  }),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: [accuracy],

  epochs: EPOCHS,
  batchSize: BATCH,
  seed: 1,
});
