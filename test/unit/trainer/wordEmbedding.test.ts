/** Neighbours of a word and the map of words, against hand arithmetic. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {
  datasets,
  losses,
  tokenizers,
  type ExperimentConfig,
  type FunctionalExperiment,
  type Parameters,
} from '../../../src/lab';
import { EmbeddingMaker } from '../../../src/learning/pictures/wordEmbedding';
import type { WordEmbedding } from '../../../src/protocol/textPictures';
import { useEngine } from '../lab/tensorflow';
import { picturedText, type TextPictured } from './pictured';

const read = () => ({
  train: { texts: ['film film film film good good good bad bad fine', 'film'], labels: [1, 0] },
  test: { texts: ['good film fine', 'bad film'], labels: [1, 0] },
});
const VOCABULARY = ['<pad>', '<unk>', 'film', 'good', 'bad', 'fine'];
/** cos(good, fine) = 0.8, cos(good, bad) = −0.6, cos(good, film) = 0; <unk> would be nearest. */
const VECTORS = [
  [9, 9],
  [1, 0],
  [0, 5],
  [1, 0],
  [-3, 4],
  [4, 3],
];

const data = (length = 3) =>
  datasets.texts({
    ...{ name: 'Texts', classes: ['negative', 'positive'], train: 2, test: 2, length, read },
    tokenizer: tokenizers.words({ size: 6 }),
  });

const rest = {
  optimizer: () => tf.train.sgd(0.1),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  epochs: 1,
  batchSize: 2,
};

/** The first number of a word's vector is what it says for the class "positive". */
const functional = (more: Partial<FunctionalExperiment> = {}): FunctionalExperiment => ({
  ...{ title: 'Sum', data: data() },
  parameters: () => ({ other: tf.ones([7, 3]), words: tf.tensor2d(VECTORS) }),
  forward: ({ words }: Parameters, x) => {
    const isWord = tf.cast(tf.greater(x, 0), 'float32');
    const first = tf.squeeze(tf.slice(tf.gather(words!, tf.cast(x, 'int32')), [0, 0, 0], [-1, -1, 1]), [2]);
    const positive = tf.sum(tf.mul(first, isWord), 1, true);
    return tf.concat([tf.zerosLike(positive), positive], 1);
  },
  ...rest,
  ...more,
});

const layers = (): ExperimentConfig => ({
  ...{ title: 'Layers', data: data() },
  model: () =>
    tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 6, outputDim: 2, inputLength: 3, name: 'words' }),
        tf.layers.globalAveragePooling1d({}),
        tf.layers.dense({ units: 2 }),
      ],
    }),
  initialWeights: () => ({ 'words/embeddings': tf.tensor2d(VECTORS) }),
  ...rest,
});

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
const round = (value: number | undefined): number => Math.round(10_000 * (value ?? Number.NaN)) / 10_000;

describe('the embedding of words', () => {
  before(useEngine);
  let context: TextPictured;
  const begin = async (config: ExperimentConfig): Promise<EmbeddingMaker> => {
    context = await picturedText(config);
    const maker = new EmbeddingMaker(context);
    maker.begin(0, 0);
    return maker;
  };
  const newest = (): WordEmbedding => {
    const found = context.emitted.at(-1);
    assert.ok(found?.kind === 'wordEmbedding');
    return found;
  };
  afterEach(() => {
    context.dispose();
  });

  it('tells the nearest by the cosine, without padding and what is unknown', async () => {
    const maker = await begin(functional());
    assert.deepEqual(context.tokenizer.vocabulary, VOCABULARY);
    maker.set({ kind: 'wordEmbedding', word: 'Good' });
    const { word, neighbours, table, summary } = newest();
    assert.deepEqual(table, { name: 'words', width: 2 });
    assert.equal(word, 'good');
    assert.deepEqual(
      neighbours.map(({ token, cosine, before }) => [token, round(cosine), round(before)]),
      [
        ['fine', 0.8, 0.8],
        ['film', 0, 0],
        ['bad', -0.6, -0.6],
      ],
    );
    assert.match(summary, /Nearest to "good" is "fine", with a cosine of 0\.80/);
  });

  it('tells what changed since the beginning, in the same map that has not turned', async () => {
    const maker = await begin(functional());
    maker.set({ kind: 'wordEmbedding', word: 'good' });
    const before = newest();
    // film from straight ahead to where good is; everything is mirrored at the second axis, too.
    const turned = VECTORS.map(([a = 0, b = 0], id) => (id === 2 ? [-5, 0] : [-a, b]));
    context.learner.setWeights([tf.ones([7, 3]), tf.tensor2d(turned)]);
    const tensors = tf.memory().numTensors;
    maker.stepEnd(1, 1);
    maker.end(1, 1);
    assert.equal(tf.memory().numTensors, tensors);
    const after = newest();
    assert.notEqual(after, before);
    assert.deepEqual(
      after.neighbours.map(({ token, cosine, before: was }) => [token, round(cosine), round(was)]),
      [
        ['film', 1, 0],
        ['fine', 0.8, 0.8],
        ['bad', -0.6, -0.6],
      ],
    );
    // Two dimensions are all that there is: distances are those of the vectors, and nothing jumps to the other side.
    assert.equal(round(after.explained), 1);
    const at = ({ map }: WordEmbedding, word: string) => map.find(({ token }) => token === word)!;
    const far = (picture: WordEmbedding, one: string, other: string): number =>
      Math.hypot(at(picture, one).x - at(picture, other).x, at(picture, one).y - at(picture, other).y);
    assert.ok(Math.abs(far(before, 'good', 'bad') - Math.hypot(4, 4)) < 0.01);
    assert.ok(Math.abs(far(after, 'film', 'good') - 4) < 0.01);
    for (const word of ['good', 'bad', 'fine']) {
      const [one, other] = [at(before, word), at(after, word)];
      assert.ok(Math.hypot(one.x - other.x, one.y - other.y) < 3, word);
    }
  });

  it('says of each word what the model says of a text of it alone', async () => {
    await begin(functional());
    const said = newest().map.map(({ token, says }) => [token, says?.class, round(says?.probability)]);
    assert.deepEqual(said, [
      ['film', 0, 0.5],
      ['good', 1, round(sigmoid(1))],
      ['bad', 0, round(sigmoid(3))],
      ['fine', 1, round(sigmoid(4))],
    ]);
  });

  it('is found in a model of layers by its embedding', async () => {
    await begin(layers());
    assert.deepEqual(newest().table, { name: 'words/embeddings', width: 2 });
    assert.equal(newest().map.length, 4);
  });

  it('is no picture where nothing is looked up by the tokens, or a table has fewer rows than there are tokens', async () => {
    const counting = functional({
      parameters: () => ({ w: tf.zeros([6, 2]) }),
      forward: ({ w }: Parameters, x) => tf.matMul(tf.sum(tf.oneHot(tf.cast(x, 'int32'), 6), 1), w!),
    });
    await begin(counting);
    assert.deepEqual(context.emitted, []);
    context.dispose();
    const positions = functional({
      parameters: () => ({ places: tf.ones([6, 2]) }),
      forward: ({ places }: Parameters, x) =>
        tf.add(tf.sum(tf.gather(places!, tf.range(0, 3, 1, 'int32')), 0, true), tf.zeros([x.shape[0], 2])),
    });
    const maker = await begin(positions);
    maker.set({ kind: 'wordEmbedding', word: 'good' });
    maker.end(1, 1);
    assert.deepEqual(context.emitted, []);
  });

  it('of a language model has no classes', async () => {
    await begin({
      title: 'Letters',
      data: datasets.text({
        ...{ from: { text: 'abcabdabe '.repeat(50) }, length: 4, tokenizer: tokenizers.characters({ size: 8 }) },
      }),
      parameters: () => ({ table: tf.randomNormal([8, 8], 0, 1, 'float32', 1) }),
      forward: ({ table }, x) => tf.gather(table!, tf.cast(x, 'int32')),
      ...rest,
    });
    const { classes, word, map, neighbours } = newest();
    assert.deepEqual(classes, []);
    assert.equal(word, 'a');
    assert.equal(neighbours.length, 5);
    assert.ok(map.every(({ says }) => says === undefined));
  });
});
