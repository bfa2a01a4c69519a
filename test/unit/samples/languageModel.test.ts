/** The lesson on a real language model: SmolLM2 in the tensor operations of its model file, and what LoRA teaches it. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { labPaths } from '../../../src/cli/context';
import { languageModelFile } from '../../../src/client/paths';
import {
  losses,
  tf,
  type datasets,
  type Experiment,
  type Frozen,
  type GgufModel,
  type LlamaShape,
  type Parameters,
  type PlainSplit,
} from '../../../src/lab';
import { serveModels } from '../../../src/lab/models/serve';
import { Control } from '../../../src/learning/training/control';
import { Training } from '../../../src/learning/training/training';
import type { Chat } from '../../../src/lab/experiment';
import type { Message } from '../../../src/lab/models';
import type { Attention, Conversation } from '../../../src/protocol/textPictures';
import { checkChat } from '../../../src/trainer/chat/check';
import { ConversationMaker } from '../../../src/trainer/chat/conversation';
import { ggufLoader } from '../../../src/trainer/language/gguf';
import { loadModelFile } from '../../../src/trainer/modelFile/load';
import { withSummary } from '../../../src/words/pictures';
import { numbers } from '../../support/hashed';
import { useEngine } from '../lab/tensorflow';

/** What the model file exports. */
interface Lesson {
  readonly data: ReturnType<typeof datasets.conversations>;
  readonly sizes: Partial<LlamaShape>;
  readonly SYSTEM: string;
  adapters(): Parameters;
  forward(learned: Parameters, tokens: tf.Tensor2D, frozen: Frozen, last?: number): tf.Tensor;
  merged(frozen: Frozen, learned: Parameters): Record<string, tf.Tensor>;
}

const folder = path.resolve('samples', 'language-model');

describe('the lesson on a language model', function () {
  this.timeout(300_000);
  let model: GgufModel;
  let lesson: Lesson;
  let experiment: Experiment;
  let data: { readonly train: PlainSplit; readonly test: PlainSplit };
  before(useEngine);
  before(async () => {
    const load = ggufLoader({ languageModel: languageModelFile(labPaths()), memoryLimitMB: Infinity });
    serveModels({ gguf: load, run: () => assert.fail() });
    model = await load();
    const loaded = await loadModelFile({ file: path.join(folder, 'model.ts') });
    experiment = loaded.experiment;
    lesson = loaded.exported as unknown as Lesson;
    data = await lesson.data.load({
      directories: [folder],
      cacheDirectory: '',
      signal: new AbortController().signal,
      progress: () => undefined,
    });
  });
  after(() => {
    model.dispose();
  });

  const close = (found: ArrayLike<number>, expected: ArrayLike<number>, within: number): void => {
    const worst = Math.max(...Array.from(found, (value, i) => Math.abs(value - (expected[i] ?? NaN))));
    assert.ok(found.length === expected.length && worst <= within, `off by ${worst}`);
  };
  /** Adapters of which B is not zero, so that they change something. */
  const some = (): Parameters =>
    Object.fromEntries(
      Object.entries(lesson.adapters()).map(([name, one], i) => [
        name,
        name.endsWith('.B') ? numbers(one.shape, i, 0.01) : one,
      ]),
    );
  const scoresOf = (learned: Parameters, row: readonly number[]): Float32Array =>
    tf.tidy(() => {
      const tokens = tf.tensor2d([...row], [1, row.length], 'int32');
      return lesson.forward(learned, tokens, model.weights, 1).dataSync<'float32'>();
    });

  it('knows the sizes of the file', () => {
    for (const [name, size] of Object.entries(lesson.sizes))
      // The file has them as float32.
      close([Number(model.sizes[name as keyof LlamaShape]) / Number(size)], [1], 1e-6);
  });

  it('gives the scores of the model that is held against transformers; zeros before a row change nothing', async () => {
    const tokens = model.encode('The capital of France is');
    const expected = await model.scores(tokens);
    const learned = lesson.adapters();
    close(scoresOf(learned, tokens), expected, 1e-2);
    close(scoresOf(learned, [0, 0, 0, ...tokens]), expected, 1e-2);
    tf.dispose(learned);
  });

  it('merged into the model, adapters say what they say beside it', async () => {
    const learned = tf.tidy(some);
    const changes = tf.tidy(() => lesson.merged(model.weights, learned));
    const taught = model.with(changes);
    const tokens = model.encode('Lock the door');
    const [beside, inside] = [scoresOf(learned, tokens), await taught.scores(tokens)];
    close(beside, inside, 1e-2);
    const plain = await model.scores(tokens);
    assert.ok(
      plain.some((score, i) => Math.abs(score - (inside[i] ?? 0)) > 0.1),
      'it is another model',
    );
    taught.dispose();
    tf.dispose([learned, changes]);
  });

  it('before the training not one held-out request is answered to the letter', async () => {
    const { test } = await lesson.data.lines({
      directories: [folder],
      cacheDirectory: '',
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    for (const { request, answer } of test.slice(0, 4)) {
      let said = '';
      const asked = [{ role: 'system', content: lesson.SYSTEM } as const, { role: 'user', content: request } as const];
      for await (const { text } of model.generate(asked, { tokens: 10 })) said += text;
      assert.notEqual(said, answer);
    }
  });

  describe('in a chat', () => {
    let learned: Parameters;
    let variables: { readonly name: string; readonly tensor: tf.Variable }[];
    let emitted: Conversation[];
    let attention: Attention | undefined;
    let chat: ConversationMaker;
    beforeEach(() => {
      const values = tf.tidy(some);
      variables = Object.entries(values).map(([name, tensor]) => ({ name, tensor: tf.variable(tensor) }));
      learned = Object.fromEntries(variables.map(({ name, tensor }) => [name, tensor]));
      tf.dispose(values);
      emitted = [];
      chat = new ConversationMaker({
        chat: (experiment as Experiment & { readonly chat: Chat }).chat,
        executor: { sync: () => undefined },
        learner: { weights: variables },
        now: () => performance.now(),
        emit: (picture) => {
          if (picture.kind === 'conversation') emitted.push(withSummary(picture));
          if (picture.kind === 'attention') attention = withSummary(picture);
        },
      });
      // Before the first step the model as it came answers alone.
      chat.begin(1, 0);
    });
    afterEach(() => {
      chat.dispose();
      tf.dispose(learned);
    });

    const latest = (): Conversation => emitted.at(-1) ?? assert.fail();
    const until = async (isSo: () => boolean): Promise<void> => {
      while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const say = (text: string, more: object = {}): Promise<void> =>
      chat.set({
        kind: 'conversation',
        ...{ ask: 'say', text, system: '', temperature: 0, topP: 1, beside: false, ...more },
      });
    const ask = (what: 'stop' | 'new' | 'attention'): Promise<void> => chat.set({ kind: 'conversation', ask: what });
    const firstWords = async (one: GgufModel, messages: readonly Message[]): Promise<string> => {
      let said = '';
      for await (const { text } of one.generate(messages, { tokens: 5 })) said += text;
      return said;
    };

    it('both the trained model and the one before answer, each as it would alone, and go on from their own answers', async () => {
      assert.deepEqual(latest().turns, []);
      assert.equal(latest().system, lesson.SYSTEM);
      await say('What is the capital of France?', { beside: true, system: 'Be brief.' });
      assert.equal(latest().isAnswering, true);
      await until(() => latest().turns[0]?.answers.every(({ tokens }) => tokens >= 5) === true);
      await ask('stop');
      await until(() => !latest().isAnswering);
      const [trained, before] = latest().turns[0]?.answers ?? [];
      if (trained === undefined || before === undefined) assert.fail();
      assert.deepEqual([trained.by, before.by, trained.end], ['trained', 'before', 'stopped']);
      const changes = tf.tidy(() => lesson.merged(model.weights, learned));
      const taught = model.with(changes);
      const first: Message[] = [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'What is the capital of France?' },
      ];
      assert.ok(before.text.startsWith(await firstWords(model, first)), before.text);
      assert.ok(trained.text.startsWith(await firstWords(taught, first)), trained.text);
      assert.notEqual(before.text, trained.text);

      await say('And of Italy?', { beside: true, system: 'Be brief.' });
      await until(() => latest().turns[1]?.answers.every(({ tokens }) => tokens >= 5) === true);
      await ask('stop');
      await until(() => !latest().isAnswering);
      const second: Message[] = [
        ...first,
        { role: 'assistant', content: before.text },
        { role: 'user', content: 'And of Italy?' },
      ];
      assert.ok(latest().turns[1]?.answers[1]?.text.startsWith(await firstWords(model, second)));
      taught.dispose();
      tf.dispose(changes);

      await ask('attention');
      assert.equal(attention?.layers.length, 30);
      assert.equal(attention.tokens.length, 32);
      assert.ok(attention.tokens.some((token) => token.includes('Italy')));
      const shares = Buffer.from(attention.layers[12]?.weights ?? '', 'base64');
      assert.equal(shares.length, 9 * 32 * 32);
      const row = shares.subarray(31 * 32, 32 * 32);
      assert.ok(Math.abs(row.reduce((sum, share) => sum + share, 0) - 255) < 17, 'a row of shares has the sum 1');
    });

    it('frees the trained model with the training, and a new conversation forgets what was said', async () => {
      await model.scores([1, 2, 3]);
      const { numTensors } = tf.memory();
      await say('Hello', { temperature: 0.9, topP: 0.9 });
      await assert.rejects(say('Are you there?'), { code: 'CHAT_BUSY' });
      await ask('new');
      await until(() => latest().turns.length === 0 && !latest().isAnswering);
      await say('Hi');
      const [turn] = latest().turns;
      assert.equal(turn?.said, 'Hi');
      chat.dispose();
      await until(() => tf.memory().numTensors === numTensors);
    });

    it('says what cannot be said, and goes on', async () => {
      await assert.rejects(ask('attention'), { code: 'CHAT_EMPTY' });
      await assert.rejects(say(' word'.repeat(9_000)), { code: 'CHAT_TOO_LONG' });
      assert.deepEqual(latest().turns, []);
      assert.throws(() => {
        checkChat({ ask: 'say', text: ' \n', system: '', temperature: 0, topP: 1, beside: false });
      }, /message/);
      await say('Hi');
      assert.equal(latest().turns.length, 1);
    });
  });

  it('twelve steps of LoRA halve the loss of held-out requests, and the frozen weights stay', async () => {
    const part = (split: PlainSplit, rows: number): PlainSplit => ({
      length: rows,
      x: split.x.slice(0, rows * 47),
      y: split.y.slice(0, rows * 10),
      mask: (split.mask as Uint8Array).slice(0, rows * 10),
    });
    const unseen = part(data.test, 8);
    const sum = tf.tidy(() => tf.sum(model.weights['blk.29.attn_q.weight'] ?? assert.fail()).dataSync()[0]);
    const training = await Training.create({
      experiment,
      data: { train: part(data.train, 48), test: unseen },
      epochs: 1,
      compile: true,
      control: new Control(() => undefined),
    });
    assert.ok(
      training.built.learner.weights.every(({ name }) => /\.(A|B)$/.test(name)),
      'what is trained, and kept in checkpoints',
    );
    const before = tf.tidy(() => {
      const learned = Object.fromEntries(training.built.learner.weights.map(({ name, tensor }) => [name, tensor]));
      const answers = lesson.forward(learned, tf.tensor2d([...unseen.x], [8, 47], 'int32'), model.weights);
      const { each } = losses.sparseCategoricalCrossentropy({ fromLogits: true }).compute;
      const mask = tf.tensor2d([...(unseen.mask as Uint8Array)], [8, 10]);
      const all = each(tf.tensor2d([...unseen.y], [8, 10], 'int32'), answers);
      return tf.div(tf.sum(tf.mul(all, mask)), tf.sum(mask)).dataSync()[0] ?? NaN;
    });
    let after = NaN;
    let kind = '';
    training.listen({
      executed: (state) => (kind = state.kind),
      point: ({ values }) => (after = values['val_loss'] ?? after),
    });
    assert.equal(await training.run(), 'completed');
    assert.equal(kind, 'compiled');
    assert.ok(after < before / 2, `${before}, then ${after}`);
    assert.equal(
      tf.tidy(() => tf.sum(model.weights['blk.29.attn_q.weight'] ?? assert.fail()).dataSync()[0]),
      sum,
    );
    training.dispose();
  });
});
