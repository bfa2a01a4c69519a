/** Pages with the pictures of models of text, made by the trainer's own makers on the real engine. */
import * as tf from '@tensorflow/tfjs';
import { datasets, losses, tokenizers, type FunctionalExperiment, type Parameters } from '../../../src/lab';
import { isPlainSplit } from '../../../src/lab/fields';
import { createRandom, normal } from '../../../src/lab/random';
import { DecidingMaker } from '../../../src/learning/pictures/decidingWords';
import { EmbeddingMaker } from '../../../src/learning/pictures/wordEmbedding';
import { WritingMaker } from '../../../src/learning/pictures/writing';
import type { HostToPanel } from '../../../src/protocol/panel';
import type { Conversation } from '../../../src/protocol/textPictures';
import { useEngine } from '../../unit/lab/tensorflow';
import { picturedText } from '../../unit/trainer/pictured';
import { clothesScene, lazy } from './scenes';

const key = '/runs/run-1';
const LENGTH = 32;
const VOCABULARY = 40;
const TEXT = `Call me Ishmael. Some years ago, never mind how long precisely, having little or no money in my purse,
and nothing particular to interest me on shore, I thought I would sail about a little and see the watery part
of the world. It is a way I have of driving off the spleen and regulating the circulation. `.repeat(3);

/** The logarithm of how often one character follows another. */
function follows(ids: Int32Array): tf.Tensor {
  const counts = tf.buffer([VOCABULARY, VOCABULARY]);
  ids.forEach((id, place) => {
    const next = ids[place + 1];
    if (next !== undefined) counts.set(counts.get(id, next) + 1, id, next);
  });
  return tf.log(tf.add(counts.toTensor(), 0.01));
}

/** Heads as transformers have them: the token before, itself, the first one, whatever is like it. [1, heads, n, n] */
function heads(x: tf.Tensor, sharp: number): tf.Tensor {
  const place = tf.range(0, LENGTH);
  const back = tf.sub(place.reshape([LENGTH, 1]), place.reshape([1, LENGTH]));
  const alike = tf.cast(tf.equal(x.reshape([LENGTH, 1]), x.reshape([1, LENGTH])), 'float32');
  const scores = [
    tf.neg(tf.square(tf.sub(back, 1))),
    tf.neg(tf.square(back)),
    tf.neg(tf.abs(place.reshape([1, LENGTH]).tile([LENGTH, 1]))),
    tf.mul(alike, 3),
  ];
  const ahead = tf.mul(tf.cast(tf.less(back, 0), 'float32'), -1e9);
  return tf.softmax(tf.expandDims(tf.add(tf.mul(tf.stack(scores), sharp), ahead), 0));
}

async function writingScene(): Promise<HostToPanel[]> {
  await useEngine();
  const tokenizer = tokenizers.characters({ size: VOCABULARY });
  const config: FunctionalExperiment = {
    title: 'Writing',
    data: datasets.text({ from: { text: TEXT }, length: LENGTH, tokenizer, validation: 0.3 }),
    parameters: () => ({ table: follows(tokenizer.train([TEXT]).encode(TEXT)) }),
    forward: ({ table }: Parameters, x) => tf.gather(table!, tf.cast(x, 'int32')),
    attention: (_, x) => [heads(x, 0.3), heads(x, 2)],
    optimizer: () => tf.train.sgd(0.1),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    epochs: 1,
    batchSize: 4,
  };
  const context = await picturedText(config);
  try {
    const maker = new WritingMaker(context);
    maker.stepEnd(120, 2);
    maker.set({ kind: 'sampledText', prompt: 'Call me', temperature: 0.8, topK: 5, topP: 1 });
    const pictures = context.emitted.slice(-2).map((picture) => ({ type: 'picture', key, picture }) as const);
    return [...clothesScene('training', 0.6), ...pictures];
  } finally {
    context.dispose();
  }
}

/** What each word adds to the answer, and gets of the attention. */
const SAYS: Readonly<Record<string, number>> = { great: 2.5, love: 2, not: -2, bad: -2.5, boring: -1.5, funny: 1.2 };

async function wordsScene(): Promise<HostToPanel[]> {
  await useEngine();
  const texts = [
    'A great film, and funny from beginning to end!',
    'The plot is boring, the sound is bad; I want my two hours back.',
    'I love this phone, not a bad word about it.',
  ];
  const tokenizer = tokenizers.words({ size: VOCABULARY });
  const labelled = { texts, labels: [1, 0, 1] };
  const { vocabulary } = tokenizer.train(texts);
  const says = Array.from({ length: VOCABULARY }, (_, id) => SAYS[vocabulary[id] ?? ''] ?? 0);
  const look = (x: tf.Tensor): tf.Tensor => tf.gather(tf.tensor1d(says), tf.cast(x, 'int32'));
  const config: FunctionalExperiment = {
    title: 'Words',
    data: datasets.texts({
      ...{ name: 'Reviews', classes: ['negative', 'positive'], train: 3, test: 3, length: LENGTH, tokenizer },
      read: () => ({ train: labelled, test: labelled }),
    }),
    parameters: () => ({ scale: tf.scalar(1) }),
    forward: ({ scale }: Parameters, x) => {
      const positive = tf.mul(tf.sum(look(x), 1, true), scale!);
      return tf.concat([tf.zerosLike(positive), positive], 1);
    },
    attention: (_, x) => tf.softmax(tf.add(tf.abs(look(x)), tf.mul(tf.cast(tf.equal(x, 0), 'float32'), -1e9))),
    optimizer: () => tf.train.sgd(0.1),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    epochs: 1,
    batchSize: 3,
  };
  const { test, ...context } = await picturedText(config);
  if (!isPlainSplit(test)) throw new Error('The texts are not plain.');
  try {
    new DecidingMaker({ ...context, test }).end(120, 2);
    const pictures = context.emitted.map((picture) => ({ type: 'picture', key, picture }) as const);
    return [...clothesScene('training', 0.6), ...pictures];
  } finally {
    context.dispose();
  }
}

/** What a chat has come to: two answers side by side, the second ones still being written. */
export function chatMessage(more: Partial<Conversation> = {}): Extract<HostToPanel, { readonly type: 'picture' }> {
  const picture: Conversation = {
    kind: 'conversation',
    step: 62,
    epoch: 2,
    model: 'SmolLM2 135M Instruct',
    system: 'Answer with one command: device, room, action.',
    isTrained: true,
    isAnswering: false,
    turns: [],
    summary: '',
    ...more,
  };
  return { type: 'picture', key, picture };
}

export const SAID: Conversation['turns'] = [
  {
    said: 'It is freezing in the attic, make it 21 degrees.',
    answers: [
      { by: 'trained', step: 62, text: 'heating, attic, 21', tokens: 7, end: 'ended' },
      {
        by: 'before',
        step: 62,
        text: 'I cannot change the temperature of your attic,\nbut here are some things to try: a blanket, hot tea.',
        tokens: 24,
        end: 'stopped',
      },
    ],
  },
];

export const chatScene = (): HostToPanel[] => [...clothesScene('finished', 1), chatMessage({ turns: SAID })];

/** What is alike lies close: words that praise, that blame, of films and of food, and the small ones between. */
const KINDS: readonly (readonly [says: number, words: string])[] = [
  [2, 'good great love funny excellent best nice delicious wonderful amazing friendly perfect'],
  [-2, 'bad terrible awful boring worst poor waste disappointed horrible slow rude broken'],
  [0, 'film movie actor plot scene story'],
  [0.1, 'food place service restaurant table phone sound battery'],
  [-0.1, 'the and is it was of not with very for this that but all just in'],
];

async function embeddingScene(): Promise<HostToPanel[]> {
  await useEngine();
  const random = createRandom(5);
  const words = KINDS.map(([, list]) => list.split(' '));
  const all = words.flat();
  const size = all.length + 2;
  const texts = [all.join(' '), words[0]!.join(' '), words[1]!.join(' ')];
  const labelled = { texts, labels: [1, 1, 0] };
  const tokenizer = tokenizers.words({ size });
  const { vocabulary } = tokenizer.train(texts);
  const vectors = vocabulary.map((word) => {
    const kind = words.findIndex((list) => list.includes(word));
    return [KINDS[kind]?.[0] ?? 0, kind === 2 ? 2 : 0, kind === 3 ? 2 : 0, kind === 4 ? 1.5 : 0, 0, 0].map(
      (value) => value + 0.45 * normal(random),
    );
  });
  const config: FunctionalExperiment = {
    title: 'Words',
    data: datasets.texts({
      ...{ name: 'Reviews', classes: ['negative', 'positive'], train: 3, test: 3, length: size, tokenizer },
      read: () => ({ train: labelled, test: labelled }),
    }),
    parameters: () => ({ embedding: tf.tensor2d(vectors) }),
    forward: ({ embedding }: Parameters, x) => {
      const first = tf.slice(tf.gather(embedding!, tf.cast(x, 'int32')), [0, 0, 0], [-1, -1, 1]);
      const isWord = tf.expandDims(tf.cast(tf.greater(x, 0), 'float32'), 2);
      const positive = tf.sum(tf.mul(first, isWord), 1);
      return tf.concat([tf.zerosLike(positive), positive], 1);
    },
    optimizer: () => tf.train.sgd(0.1),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    epochs: 1,
    batchSize: 3,
  };
  const context = await picturedText(config);
  try {
    const maker = new EmbeddingMaker(context);
    maker.begin(0, 0);
    // As if it had learned what praise and blame is.
    const learned = vectors.map(([says = 0, ...rest]) => [2 * says, ...rest]);
    context.learner.setWeights([tf.tensor2d(learned)]);
    maker.stepEnd(120, 2);
    maker.set({ kind: 'wordEmbedding', word: 'good' });
    const picture = context.emitted.at(-1)!;
    return [...clothesScene('training', 0.6), { type: 'picture', key, picture }];
  } finally {
    context.dispose();
  }
}

export const TEXTS = {
  writing: lazy(writingScene),
  words: lazy(wordsScene),
  embedding: lazy(embeddingScene),
} satisfies Record<string, () => Promise<HostToPanel[]>>;
