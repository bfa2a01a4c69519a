import { datasets, experiment, losses, tf, tokenizers, type Parameters } from 'deep-learning-lab';

/** English sentences, negative or positive: 32 numbers each, which stand for words. 0 pads the shorter ones. */
export const data = datasets.reviews({
  language: 'english', // 'chinese' has longer texts: then characters instead of words, and 'characters' instead of 'glove'
  tokenizer: tokenizers.words({ size: 3_000 }),
  length: 32,
  vectors: 'glove',
});

// ── Exercises ───────────────────────────────────────────────────────────────────────────────────────────────────────

// 1. The numbers of a text's words: their places in the vocabulary, 1 for a word that is not in it.
export function numberWords(text: string, vocabulary: readonly string[]): number[] {
  return []; // your code
}

// 2. Where there is a word, 1, and where there is only padding, 0. tokens: [batch, length], int32.
export function mask(tokens: tf.Tensor2D): tf.Tensor2D {
  return tf.onesLike(tf.cast(tokens, 'float32')); // your code
}

// 3. The mean of each text's vectors, of its words alone. x: [batch, length, width], mask: [batch, length].
export function meanOf(x: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor2D {
  return tf.mean(x, 1); // your code
}

// 4. How much each word counts: [batch, length], a softmax over the words of each text. query: [width].
export function attention(x: tf.Tensor3D, mask: tf.Tensor2D, query: tf.Tensor1D): tf.Tensor2D {
  return tf.div(mask, tf.sum(mask, 1, true)); // your code
}

// ── The network that uses them ──────────────────────────────────────────────────────────────────────────────────────

interface Network extends Parameters {
  embedding: tf.Tensor2D; // [vocabulary, width]: a vector for each token
  query: tf.Tensor1D; // [width]: what attention looks for
  w: tf.Tensor2D; // [width, 2]
  b: tf.Tensor1D;
}

const WIDTH = 50;

/** [batch, length, width] */
function lookUp(embedding: tf.Tensor2D, tokens: tf.Tensor2D): tf.Tensor3D {
  return tf.gather(embedding, tokens) as unknown as tf.Tensor3D;
}

export default experiment({
  title: 'Text classification',
  data,

  parameters: (): Network => ({
    // Of each word what 6,000,000,000 words of news and Wikipedia say about it: training goes on from there.
    embedding: data.vectors(),
    query: tf.randomNormal([WIDTH], 0, 0.1),
    w: tf.randomNormal([WIDTH, 2], 0, 0.1),
    b: tf.zeros([2]),
  }),

  // Each word counts as much as attention says.
  forward: ({ embedding, query, w, b }, tokens: tf.Tensor2D) => {
    const x = lookUp(embedding, tokens);
    const weights = attention(x, mask(tokens), query);
    const text = tf.sum<tf.Tensor2D>(tf.mul(x, tf.expandDims(weights, 2)), 1);
    return tf.add(tf.matMul(text, w), b);
  },
  // What the panel shows of it.
  attention: ({ embedding, query }, tokens) => attention(lookUp(embedding, tokens), mask(tokens), query),

  // The same network in which all words count alike.
  compareWith: {
    label: 'mean',
    forward: ({ embedding, w, b }, tokens) => tf.add(tf.matMul(meanOf(lookUp(embedding, tokens), mask(tokens)), w), b),
  },

  optimizer: () => tf.train.adam(0.003),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy'],

  epochs: 10,
  batchSize: 32,
  seed: 1,

  // With so few sentences a network soon knows them by heart. What counts is the epoch before that.
  restoreBest: true,
});
