import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { labPaths } from '../../../src/cli/context';
import { languageModelFile } from '../../../src/client/paths';
import type { GgufModel, Piece } from '../../../src/lab';
import { DISPLAY_MIME, TEXT_MIME, type Display } from '../../../src/protocol/display';
import type { Attention } from '../../../src/protocol/textPictures';
import { displayOf } from '../../../src/trainer/kernel/display';
import { Pages } from '../../../src/trainer/kernel/display/pages';
import { ggufLoader } from '../../../src/trainer/language/gguf';
import { refused } from '../lab/dataFolder';
import { useEngine } from '../lab/tensorflow';
import { near } from './small';

interface Oracle {
  readonly chat: string;
  readonly prompts: readonly {
    readonly prompt: number[];
    readonly greedy: number[];
    readonly at: number[];
    readonly logits: number[];
  }[];
}

describe('models.gguf: SmolLM2', () => {
  let model: GgufModel;
  const languageModel = languageModelFile(labPaths());
  const load = ggufLoader({ languageModel, memoryLimitMB: Infinity });
  let oracle: Oracle;
  before(async () => {
    oracle = JSON.parse(fs.readFileSync('test/unit/language/oracle/smollm2.json', 'utf8')) as Oracle;
    await useEngine();
    model = await load();
  });
  after(() => {
    model.dispose();
  });
  const written = async (pieces: AsyncIterable<Piece>): Promise<Piece[]> => {
    const all: Piece[] = [];
    for await (const piece of pieces) all.push(piece);
    return all;
  };

  it("has transformers' logits within 2e-2 and its 40 greedy tokens: English, Chinese, a conversation", async () => {
    for (const { prompt, greedy, at, logits } of oracle.prompts) {
      const scores = await model.scores(prompt);
      near(
        at.map((token) => scores[token] ?? NaN),
        logits,
        2e-2,
        'logits',
      );
      const tokens = [...prompt];
      for (const token of greedy) {
        const next = await model.scores(tokens);
        assert.equal(next.indexOf(Math.max(...next)), token);
        tokens.push(token);
      }
    }
  });

  it("encodes the oracle's prompts, and answers a conversation as it goes on there", async () => {
    const [english, chinese, chat] = oracle.prompts;
    assert.deepEqual(model.encode('The capital of France is'), english?.prompt);
    assert.deepEqual(model.encode('床前明月光,疑是地上霜。'), chinese?.prompt);
    const pieces = await written(model.generate([{ role: 'user', content: oracle.chat }], { tokens: 20 }));
    assert.deepEqual(
      pieces.map(({ token }) => token),
      chat?.greedy.slice(0, 20),
    );
    assert.equal(pieces.map(({ text }) => text).join(''), model.decode(pieces.map(({ token }) => token)));
  });

  it('the same seed draws the same text, another one another, and two at once do not disturb each other', async () => {
    const options = { tokens: 8, temperature: 1.5 };
    const text = async (seed: number): Promise<string> => {
      const pieces = await written(model.generate('Once upon a time', { ...options, seed }));
      return pieces.map((piece) => piece.text).join('');
    };
    const [one, two, again] = await Promise.all([text(1), text(2), text(1)]);
    assert.equal(one, again);
    assert.notEqual(one, two);
  });

  it('tokens are shown as what they are: characters, bytes that are part of one, control tokens by name', () => {
    const shown = (text: string): string[] => model.fragments(text).map((one) => one.text);
    assert.deepEqual(shown('The capital'), ['The', ' capital']);
    // 床 is E5 BA 8A, and 😀 is F0 9F 98 80, each in two tokens.
    assert.deepEqual(
      model.fragments('床').map(({ text, bytes }) => [text, bytes]),
      [
        ['‹E5›‹BA›', 'E5 BA'],
        ['‹8A›', '8A'],
      ],
    );
    assert.deepEqual(shown('😀').join(''), '‹F0›‹9F›‹98›‹80›');
    assert.deepEqual(shown('é<|im_end|>'), ['é', '<|im_end|>']);
    const text = 'Grüße, 世界! 😀\n\ud800';
    const bytes = model
      .fragments(text)
      .map((one) => one.bytes)
      .join(' ');
    assert.equal(Buffer.from(bytes.replaceAll(' ', ''), 'hex').toString('utf8'), text.replace('\ud800', '\ufffd'));
  });

  it('is shown by a cell as the attention of all heads with the tokens beside it; of a long text, that of its first tokens', async () => {
    const context = { pages: new Pages(), load: () => assert.fail() };
    const pictureOf = async (text: string): Promise<Attention> => {
      const items = (await displayOf(await model.inside(text), context)) ?? assert.fail();
      const shown = items[DISPLAY_MIME] as Display;
      assert.ok(shown.kind === 'picture' && shown.picture.kind === 'attention');
      assert.equal(items[TEXT_MIME], shown.picture.summary);
      return shown.picture;
    };
    const before = tf.memory().numTensors;
    const { tokens, layers, more } = await pictureOf('The capital of France is');
    assert.deepEqual([tokens, more], [['The', ' capital', ' of', ' France', ' is'], undefined]);
    assert.deepEqual(
      layers.map(({ heads }) => heads),
      Array(30).fill(9),
    );
    const read = await model.inside('The capital of France is');
    const shares = tf.tidy(() => [...tf.mul(read.attention(7), 255).dataSync()]);
    near([...Buffer.from(layers[7]?.weights ?? '', 'base64')], shares, 0.51, 'bytes of shares');
    const long = await pictureOf(' word'.repeat(70));
    assert.deepEqual([long.tokens.length, long.more], [64, 6]);
    const rows = Buffer.from(long.layers[0]?.weights ?? '', 'base64').subarray(0, 64 * 64);
    const sums = Array.from({ length: 64 }, (_, row) =>
      rows.subarray(64 * row, 64 * (row + 1)).reduce((sum, byte) => sum + byte, 0),
    );
    assert.ok(
      sums.every((sum) => Math.abs(sum / 255 - 1) < 0.13),
      'all that a shown token looks at is shown, up to rounding',
    );
    assert.match(long.summary, /6 more/);
    assert.equal(tf.memory().numTensors, before);
  });

  it('can be looked into: attention, what each layer would say, what comes next, and what is kept', async () => {
    assert.equal(model.name, 'SmolLM2-135M-Instruct');
    const before = tf.memory().numTensors;
    const tokens = model.encode('The capital of France is');
    const inside = await model.inside('The capital of France is');
    assert.deepEqual(
      inside.fragments.map(({ token }) => token),
      tokens,
    );
    const [all, layer, head] = [inside.attention(), inside.attention(7), inside.attention(7, 4)];
    assert.deepEqual(
      [all.shape, layer.shape, head.shape],
      [
        [30, 9, 5, 5],
        [9, 5, 5],
        [5, 5],
      ],
    );
    tf.tidy(() => {
      near(tf.sum(all, -1).dataSync(), Array(30 * 9 * 5).fill(1), 1e-5, 'a row is a mean');
      assert.equal(tf.sum(tf.sub(all, tf.linalg.bandPart(all, -1, 0))).dataSync()[0], 0, 'nothing ahead');
      near(tf.slice(all, [7, 4], [1, 1]).dataSync(), head.dataSync(), 0, 'a head of all');
      near(tf.slice(layer, [4], [1]).dataSync(), head.dataSync(), 0, 'a head of its layer');
    });
    const embedded = inside.hidden(0);
    const rows = tf.tidy(() => tf.gather(model.weights['token_embd.weight'] ?? assert.fail(), tokens).dataSync());
    near(embedded.dataSync(), rows, 0, 'before the first layer stands the embedding');
    tf.dispose([all, layer, head, embedded]);
    const scores = await model.scores(tokens);
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    const next = inside.next({ top: 3 });
    assert.equal(next.at(0)?.text, ' Paris');
    for (const { token, probability } of next)
      near([probability], [Math.exp(scores[token] ?? NaN) / total], 1e-4, 'next');
    const lens = inside.lens();
    assert.deepEqual(
      lens.map(({ layers }) => layers),
      Array.from({ length: 31 }, (_, layers) => layers),
    );
    const [end, likeliest] = [lens.at(-1) ?? assert.fail(), next[0] ?? assert.fail()];
    assert.equal(end.token, likeliest.token);
    near([end.probability], [likeliest.probability], 1e-5, 'the last layer');
    assert.equal(lens.at(0)?.text, ' is', 'a token is nearest to itself');
    const paris = inside.lens({ of: likeliest.token });
    assert.equal(paris.length, 31);
    assert.equal(paris.at(-1)?.probability, end.probability);
    assert.deepEqual(model.cache, { positions: 5, capacity: 256, bytesEach: 46_080, bytes: 256 * 46_080 });
    assert.equal(tf.memory().numTensors - before, Object.keys(model.weights).length, 'but for the weights');
  });

  it('looking into it is refused for what there is not', async () => {
    const inside = await model.inside('Hello');
    for (const wrong of [
      () => inside.attention(30),
      () => inside.attention(0, 9),
      () => inside.hidden(31),
      () => inside.lens({ position: 1 }),
    ])
      await refused(Promise.resolve().then<unknown>(wrong), 'EXPERIMENT_INVALID');
    await refused(model.inside(''), 'PROMPT_INVALID');
    await refused(model.inside(' word'.repeat(257)), 'PROMPT_INVALID');
    const zeros = tf.zeros([1]);
    for (const weights of [
      { 'blk.30.attn_q.weight': zeros },
      { 'blk.0.attn_q.weight': zeros },
      { 'output_norm.weight': 1 as never },
    ])
      await refused(
        Promise.resolve().then(() => model.with(weights)),
        'EXPERIMENT_INVALID',
      );
    zeros.dispose();
  });

  it('a file is loaded once, and whoever stops asking stops the writing', async () => {
    assert.equal(await load(languageModel), model);
    const pieces = model.generate('Hello', { tokens: 1_000 });
    await pieces.next();
    await pieces.return();
    assert.deepEqual(await pieces.next(), { value: undefined, done: true });
  });

  it('an empty prompt, one longer than the context, and options that are none are told', async () => {
    await refused(written(model.generate('')), 'PROMPT_INVALID');
    await refused(written(model.generate(' word'.repeat(9_000))), 'PROMPT_INVALID');
    await refused(model.scores([]), 'PROMPT_INVALID');
    await refused(model.scores([49_152]), 'EXPERIMENT_INVALID');
    assert.throws(() => model.encode(5 as never), /encode: text: expected a text, found 5/);
    assert.throws(() => model.decode([1e9]), /1000000000 is none of the 49152 tokens/);
    for (const prompt of [5, [], [{ role: 'nobody', content: 'x' }], [{ role: 'user' }], ['x']] as never[])
      await refused(written(model.generate(prompt)), 'EXPERIMENT_INVALID');
    for (const options of [{ tokens: 0 }, { temperature: -1 }, { topP: 2 }, { topK: 0.5 }, { seed: -1 }, { tokns: 3 }])
      await refused(written(model.generate('x', options)), 'EXPERIMENT_INVALID');
  });
});
