/** What a language model writes, against hand arithmetic: a table that says of each character which comes next. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { datasets, experiment, losses, tokenizers, type FunctionalExperiment, type Parameters } from '../../../src/lab';
import { LearningError } from '../../../src/learning/errors';
import { WritingMaker } from '../../../src/learning/pictures/writing';
import type { Attention, SampledText, SamplingSettings } from '../../../src/protocol/textPictures';
import { useEngine } from '../lab/tensorflow';
import { picturedText, type TextPictured } from './pictured';

const LENGTH = 4;
// The most frequent first: <pad>, <unk>, a, b, c.
const TEXT = 'abcabaab'.repeat(20);
const VOCABULARY = 5;
const NOTHING = -1e9;
const log = Math.log;

/** After a: b 1/2, c 1/4, a 1/4. After b: c. After c: a. */
const NEXT = [
  [NOTHING, NOTHING, 0, NOTHING, NOTHING],
  [NOTHING, NOTHING, 0, NOTHING, NOTHING],
  [NOTHING, NOTHING, log(1 / 4), log(1 / 2), log(1 / 4)],
  [NOTHING, NOTHING, NOTHING, NOTHING, 0],
  [NOTHING, NOTHING, 0, NOTHING, NOTHING],
];

const config = (more: Partial<FunctionalExperiment> = {}): FunctionalExperiment => ({
  title: 'Table',
  data: datasets.text({ from: { text: TEXT }, length: LENGTH, tokenizer: tokenizers.characters({ size: VOCABULARY }) }),
  parameters: () => ({ table: tf.tensor2d(NEXT) }),
  forward: ({ table }: Parameters, x) => tf.gather(table!, tf.cast(x, 'int32')),
  optimizer: () => tf.train.sgd(0.1),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  epochs: 1,
  batchSize: 4,
  ...more,
});

const settings = (more: Partial<SamplingSettings> = {}) =>
  ({ kind: 'sampledText', prompt: 'a', temperature: 1, topK: VOCABULARY, topP: 1, ...more }) as const;

describe('what a language model writes', () => {
  before(useEngine);
  let context: TextPictured;
  const begin = async (more: Partial<FunctionalExperiment> = {}): Promise<WritingMaker> => {
    context = await picturedText(config(more));
    return new WritingMaker(context);
  };
  afterEach(() => {
    context.dispose();
  });
  const newest = (): SampledText => {
    const found = context.emitted.findLast(({ kind }) => kind === 'sampledText');
    assert.ok(found?.kind === 'sampledText');
    return found;
  };
  const chances = (picture: SampledText): unknown =>
    Object.fromEntries(picture.next.map(({ token, chance }) => [token, Number(chance.toFixed(4))]));

  it('begins with the test text, and after a prompt goes where the table leads', async () => {
    const maker = await begin();
    maker.begin(0, 0);
    assert.equal(newest().settings.prompt, TEXT.slice(-16).slice(0, LENGTH));
    maker.set(settings({ temperature: 0, prompt: 'bca' }));
    assert.equal(newest().text, 'bca'.repeat(54).slice(0, 160));
    assert.deepEqual(newest().prompt, { tokens: 3, seen: 3 });
    maker.set(settings({ temperature: 0, prompt: 'abcabcab' }));
    assert.deepEqual(newest().prompt, { tokens: 8, seen: LENGTH });
    assert.match(newest().text, /^cabcabc/);
    assert.match(newest().summary, /After "abcabcab" it writes: "cabc.*The likeliest next token is "c", 100%\./s);
  });

  it('says what the model expects, and with which chance it is drawn', async () => {
    const maker = await begin();
    maker.set(settings());
    const { next, vocabulary } = newest();
    assert.equal(vocabulary, VOCABULARY);
    assert.deepEqual(next.map(({ token, probability }) => [token, Number(probability.toFixed(4))]).slice(0, 3), [
      ['b', 0.5],
      ['a', 0.25],
      ['c', 0.25],
    ]);
    assert.deepEqual(chances(newest()), { a: 0.25, b: 0.5, c: 0.25, '<pad>': 0, '<unk>': 0 });
    // Probabilities squared: 1/4, 1/16, 1/16.
    maker.set(settings({ temperature: 0.5 }));
    assert.deepEqual(chances(newest()), { a: 0.1667, b: 0.6667, c: 0.1667, '<pad>': 0, '<unk>': 0 });
    maker.set(settings({ topK: 2 }));
    assert.deepEqual(chances(newest()), { a: 0.3333, b: 0.6667, c: 0, '<pad>': 0, '<unk>': 0 });
    maker.set(settings({ topP: 0.4 }));
    assert.deepEqual(chances(newest()), { a: 0, b: 1, c: 0, '<pad>': 0, '<unk>': 0 });
    maker.set(settings({ temperature: 0 }));
    assert.deepEqual(chances(newest()), { a: 0, b: 1, c: 0, '<pad>': 0, '<unk>': 0 });
  });

  it('is the same for a model whose output is probabilities', async () => {
    const maker = await begin({
      parameters: () => ({ table: tf.softmax(tf.tensor2d(NEXT)) }),
      loss: losses.sparseCategoricalCrossentropy(),
    });
    maker.set(settings({ temperature: 0.5 }));
    assert.deepEqual(chances(newest()), { a: 0.1667, b: 0.6667, c: 0.1667, '<pad>': 0, '<unk>': 0 });
  });

  it('is another text when the same is asked for again, and comes back at another step of the same numbers', async () => {
    const maker = await begin();
    const texts = [settings(), settings(), settings({ temperature: 0.9 }), settings()].map((asked) => {
      maker.set(asked);
      return newest().text;
    });
    assert.notEqual(texts[1], texts[0]);
    assert.equal(texts[3], texts[0]);
  });

  it('is drawn while it trains only when it is due and somebody watches, and leaves no tensor', async () => {
    context = await picturedText(config());
    let [now, isWatched] = [0, false];
    const maker = new WritingMaker({ ...context, now: () => (now += 1), isWatched: () => isWatched });
    maker.begin(0, 0);
    const before = tf.memory().numTensors;
    const count = (): number => context.emitted.length;
    assert.equal(count(), 1);
    now += 1e6;
    maker.stepEnd(1, 0.1);
    assert.equal(count(), 1);
    isWatched = true;
    maker.stepEnd(2, 0.2);
    assert.equal(count(), 2);
    // Drawing took some ticks of the clock: a hundred times as long it rests.
    maker.stepEnd(3, 0.3);
    assert.equal(count(), 2);
    maker.paused(3, 0.3);
    maker.paused(3, 0.3);
    maker.end(4, 0.4);
    assert.deepEqual(
      context.emitted.map(({ step }) => step),
      [0, 2, 3, 4],
    );
    assert.equal(tf.memory().numTensors, before);
  });

  it('writes as much as there is time for, but a few tokens always', async () => {
    context = await picturedText(config());
    let now = 0;
    const maker = new WritingMaker({ ...context, now: () => (now += 1000) });
    maker.set(settings());
    assert.equal(newest().text.length, 8);
  });

  it('keeps prompt and picture where the vocabulary lacks what was typed', async () => {
    const maker = await begin();
    maker.set(settings());
    assert.throws(
      () => {
        maker.set(settings({ prompt: 'ab z' }));
      },
      { code: 'TEXT_UNKNOWN' },
    );
    maker.end(5, 1);
    assert.equal(newest().settings.prompt, 'a');
  });

  const shares = (heads: number) => (_: Parameters, x: tf.Tensor) => {
    // In head h each token gives the first one 1 / (h + 2), itself the rest.
    const one = Array.from({ length: heads }, (_h, h) =>
      Array.from({ length: LENGTH }, (_i, i) =>
        Array.from({ length: LENGTH }, (_j, j) => (j === 0 ? 1 / (h + 2) : 0) + (j === i ? 1 - 1 / (h + 2) : 0)),
      ),
    );
    return tf.tile(tf.tensor4d([one]), [x.shape[0], 1, 1, 1]);
  };

  it('shows what the tokens of the prompt and the text behind attend to, head by head', async () => {
    const maker = await begin({ attention: (parameters, x) => [shares(1)(parameters, x), shares(2)(parameters, x)] });
    maker.set(settings({ prompt: 'ab', temperature: 0 }));
    const attention = context.emitted.at(-1) as Attention;
    assert.deepEqual(attention.tokens, ['a', 'b', 'c', 'a']);
    assert.deepEqual(
      attention.layers.map(({ heads }) => heads),
      [1, 2],
    );
    const bytes = [...Buffer.from(attention.layers[1]!.weights, 'base64')];
    assert.equal(bytes.length, 2 * LENGTH * LENGTH);
    // Rounded to even: 255 / 2 and 255 / 3, 255 · 2 / 3.
    assert.deepEqual(bytes.slice(0, 8), [255, 0, 0, 0, 128, 128, 0, 0]);
    assert.deepEqual(bytes.slice(16, 24), [255, 0, 0, 0, 85, 170, 0, 0]);
    assert.match(attention.summary, /4 tokens.*3 heads of 2 layers/);
  });

  for (const [what, found] of Object.entries({
    'no tensor': undefined,
    '[4, 4]': (x: tf.Tensor) => tf.zeros([LENGTH, x.shape[1]!]),
    '[1, 4, 4]': () => tf.zeros([1, 4, 4]),
    '[1, 2, 4, 3]': () => tf.zeros([1, 2, 4, 3]),
  })) {
    it(`refuses, before anything is trained, an attention of ${what}`, async () => {
      const maker = await begin({ attention: ((_, x) => found?.(x)) as FunctionalExperiment['attention'] & object });
      assert.throws(
        () => {
          maker.begin(0, 0);
        },
        (error) => error instanceof LearningError && error.fault.code === 'ATTENTION_SHAPE',
      );
    });
  }
});

describe('the field "attention"', () => {
  const refused = (more: object, message: RegExp): void => {
    assert.throws(() => experiment({ ...config(), ...more }), { code: 'EXPERIMENT_INVALID', message });
  };

  it('is a function, of a model in plain operations, on data of tokens', () => {
    refused({ attention: 'softmax' }, /attention: expected a function that gives tensors, found 'softmax'/);
    refused({ attention: () => [], data: datasets.spirals() }, /attention: expected data whose rows are tokens/);
    assert.throws(
      () => {
        const layers = { model: () => tf.sequential(), attention: () => [] };
        experiment(Object.assign(config(), layers, { parameters: undefined, forward: undefined }));
      },
      { code: 'EXPERIMENT_INVALID', message: /'parameters' and 'forward'/ },
    );
  });
});
