/** Pictures with settings of the learner's own, through the client, the socket and the trainer's own process. */
import assert from 'node:assert/strict';
import { TrainerConnection } from '../../../src/client/processes/connection';
import type { Picture } from '../../../src/protocol/pictures';
import type { ChatRequest, Conversation, PictureSettings } from '../../../src/protocol/textPictures';
import { readPictures } from '../../../src/runFolder/pictures';
import { Bench, Followed } from './support';

const MODEL = `import { datasets, experiment, losses, tf, tokenizers } from 'deep-learning-lab';
export default experiment({
  title: 'Letters',
  data: datasets.text({
    from: { text: 'abcabdabe '.repeat(200) }, length: 4, tokenizer: tokenizers.characters({ size: 8 }), perEpoch: 320,
  }),
  parameters: () => ({ table: tf.zeros([8, 8]) }),
  forward: ({ table }, x) => tf.gather(table, tf.cast(x, 'int32')),
  attention: (_, x) => tf.fill([x.shape[0], 1, 4, 4], 0.25),
  optimizer: () => tf.train.adam(0.1),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  epochs: EPOCHS,
  batchSize: 4,
});
`;

/** A model that says again what it reads, each message behind the first letter of its role. */
const withChat = (epochs: string, pause = ''): string =>
  MODEL.replace('EPOCHS', epochs).replace(
    'attention',
    `chat: {
      system: 'Be kind.',
      model: () => ({
        name: 'Parrot', context: 64, weights: {},
        encodeChat: (messages) => [...messages.map(({ content }) => content).join('')].map(() => 0),
        async *generate(messages) {
          for (const { role, content } of messages) for (const letter of role[0] + content) { ${pause} yield { token: 0, text: letter }; }
        },
        with() { return { ...this, name: 'Taught', dispose() {} }; },
        dispose() {},
      }),
      merged: () => ({}),
    },
    attention`,
  );

const conversationOf = ({ pictures }: Followed): Conversation => {
  const found = pictures.findLast((picture: Picture) => picture.kind === 'conversation');
  return found?.kind === 'conversation' ? found : assert.fail();
};

const asked = (prompt: string): PictureSettings => ({ kind: 'sampledText', prompt, temperature: 0, topK: 8, topP: 1 });

describe('a picture that is asked for', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  const textAfter = (run: Followed, prompt: string): string | undefined => {
    const found = run.pictures.findLast((picture: Picture) => picture.kind === 'sampledText');
    return found?.kind === 'sampledText' && found.settings.prompt === prompt ? found.text : undefined;
  };

  it('comes while the run trains, while it waits, and after its end until the next run begins', async () => {
    const trainer = await bench.trainer();
    const file = bench.modelFile(MODEL.replace('EPOCHS', '200'));
    const run = await bench.start(trainer, file);
    const ask = (prompt: string): Promise<null> =>
      trainer.request('run/setPicture', { runId: run.id, settings: asked(prompt) });
    await run.until(() => run.steps().length > 3);
    await ask('ab');
    await run.until(() => textAfter(run, 'ab') !== undefined);
    assert.equal(run.record?.state, 'training');

    await trainer.request('run/pause', { runId: run.id });
    await run.until(() => run.record?.state === 'paused');
    const steps = run.steps().length;
    await ask('a');
    await run.until(() => textAfter(run, 'a') !== undefined);
    assert.equal(run.steps().length, steps);

    await trainer.request('run/stop', { runId: run.id });
    await run.ended();
    const kept = await readPictures(run.runFolder);
    await ask('abc');
    await run.until(() => textAfter(run, 'abc') !== undefined);
    // It answers who looks, and is no part of the run.
    assert.deepEqual(await readPictures(run.runFolder), kept);

    const next = await bench.start(trainer, bench.modelFile(MODEL.replace('EPOCHS', '1')));
    await assert.rejects(ask('b'), { code: 'PICTURE_GONE' });
    await next.ended();
    assert.ok(next.pictures.some(({ kind }) => kind === 'attention'));
  });

  it('is refused with a reason, and the run goes on', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(MODEL.replace('EPOCHS', '200')));
    await run.until(() => run.steps().length > 3);
    const refused = async (settings: object, code: string): Promise<void> => {
      const whole = { ...asked('a'), ...settings };
      await assert.rejects(trainer.request('run/setPicture', { runId: run.id, settings: whole }), { code });
    };
    await refused({ prompt: '' }, 'TEXT_EMPTY');
    await refused({ prompt: 'xyz' }, 'TEXT_UNKNOWN');
    await refused({ prompt: '\ud800' }, 'TEXT_ENCODING');
    await refused({ temperature: -1 }, 'PICTURE_SETTING');
    await refused({ temperature: Number.NaN }, 'PICTURE_SETTING');
    await refused({ topK: 0 }, 'PICTURE_SETTING');
    await refused({ topP: 0 }, 'PICTURE_SETTING');
    const steps = run.steps().length;
    await run.until(() => run.steps().length > steps);
    assert.equal(run.record?.state, 'training');
    await trainer.request('run/stop', { runId: run.id });
  });

  it('that is a chat is answered piece by piece, also after the end, and refused with a reason', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(withChat('1')));
    await run.ended();
    const request = (what: ChatRequest): Promise<null> =>
      trainer.request('run/setPicture', { runId: run.id, settings: { kind: 'conversation', ...what } });
    const say = (text: string, more: object = {}): Promise<null> =>
      request({ ask: 'say', text, system: 'S', temperature: 0, topP: 1, beside: true, ...more });
    const latest = (): Conversation => conversationOf(run);
    assert.deepEqual([latest().system, latest().isTrained], ['Be kind.', true]);
    await say('Hello');
    await run.until(() => latest().turns.length === 1 && !latest().isAnswering);
    // What was said before is what each reads next.
    assert.deepEqual(
      latest().turns[0]?.answers.map(({ by, text, end }) => [by, text, end]),
      [
        ['trained', 'sSuHello', 'ended'],
        ['before', 'sSuHello', 'ended'],
      ],
    );
    await say('You');
    await run.until(() => latest().turns.length === 2 && !latest().isAnswering);
    assert.equal(latest().turns[1]?.answers[0]?.text, 'sSuHelloasSuHellouYou');
    await assert.rejects(say(' '), { code: 'TEXT_EMPTY' });
    await assert.rejects(say('x', { temperature: 3 }), { code: 'PICTURE_SETTING' });
    await assert.rejects(say('long'.repeat(20)), { code: 'CHAT_TOO_LONG' });
    await request({ ask: 'new' });
    await run.until(() => latest().turns.length === 0);
  });

  it('that is a chat is answered before the first step of a run that waits, and the run then trains', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(withChat('1')), { waits: true });
    await run.until(() => run.record?.state === 'paused');
    const settings = { kind: 'conversation', ask: 'say', text: 'Hi', system: '', temperature: 0, topP: 1 } as const;
    await trainer.request('run/setPicture', { runId: run.id, settings: { ...settings, beside: true } });
    await run.until(() => conversationOf(run).turns.length === 1 && !conversationOf(run).isAnswering);
    // Nothing is trained into it yet: it answers once, as it came.
    assert.deepEqual(
      conversationOf(run).turns[0]?.answers.map(({ by, step, text }) => [by, step, text]),
      [['before', 0, 'uHi']],
    );
    assert.deepEqual([run.steps().length, run.record?.progress.step, conversationOf(run).model], [0, 0, 'Parrot']);
    await trainer.request('run/resume', { runId: run.id });
    assert.equal((await run.ended()).state, 'finished');
    assert.equal(run.steps().length, run.record?.progress.totalSteps);
  });

  it('that is a chat is what it has become for a client that comes later: its answers, and whether one is written', async () => {
    const first = await bench.trainer();
    const slow = withChat('1', 'await new Promise((go) => setTimeout(go, 50));');
    const run = await bench.start(first, bench.modelFile(slow));
    await run.ended();
    const say = async (text: string): Promise<void> => {
      const settings = { kind: 'conversation', ask: 'say', text, system: '', temperature: 0, topP: 1 } as const;
      await first.request('run/setPicture', { runId: run.id, settings: { ...settings, beside: false } });
    };
    await say('Hello');
    await run.until(() => conversationOf(run).turns.length === 1 && !conversationOf(run).isAnswering);
    await say('Once more');
    await run.until(() => (conversationOf(run).turns[1]?.answers[0]?.text.length ?? 0) > 2);

    const second = (await TrainerConnection.attach(bench.options())) ?? assert.fail();
    const late = new Followed(second, run.runFolder, run.id);
    await late.ready;
    const found = conversationOf(late);
    assert.equal(late.pictures.filter(({ kind }) => kind === 'conversation').length, 1, 'none that is older before it');
    assert.deepEqual([found.turns[0]?.answers[0]?.text, found.turns[1]?.said], ['uHello', 'Once more']);
    assert.deepEqual([found.isAnswering, found.turns[1]?.answers[0]?.end], [true, undefined]);
    // It is written on.
    await late.until(() => !conversationOf(late).isAnswering);
    assert.equal(conversationOf(late).turns[1]?.answers[0]?.text, 'uHelloauHellouOnce more');
    assert.deepEqual(await second.request('run/pictures', { runId: 'another' }), []);
    second.dispose();
    // Without its trainer there is what there was when the run ended.
    const alone = new Followed(undefined, run.runFolder, run.id);
    await alone.ready;
    assert.deepEqual([conversationOf(alone).turns, conversationOf(alone).isAnswering], [[], false]);
  });

  it('that is a chat in the middle of an answer when its run ends is at rest for who reads it from disk', async () => {
    const trainer = await bench.trainer();
    const slow = withChat('400', 'await new Promise((go) => setTimeout(go, 50));');
    const run = await bench.start(trainer, bench.modelFile(slow));
    await run.until(() => run.steps().length > 2);
    const settings = { kind: 'conversation', ask: 'say', text: 'Hello'.repeat(6), system: '', temperature: 0 } as const;
    await trainer.request('run/setPicture', { runId: run.id, settings: { ...settings, topP: 1, beside: false } });
    await run.until(() => (conversationOf(run).turns[0]?.answers[0]?.text.length ?? 0) > 2);
    await trainer.request('run/stop', { runId: run.id });
    const alone = new Followed(undefined, run.runFolder, run.id);
    await alone.ready;
    const { isAnswering, turns } = conversationOf(alone);
    assert.deepEqual([isAnswering, turns[0]?.answers[0]?.end], [false, 'stopped']);
  });

  it('of the neighbours of a word comes for what is one token, and is refused with a reason for what is not', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(MODEL.replace('EPOCHS', '200')));
    await run.until(() => run.steps().length > 3);
    const ask = (word: string): Promise<null> =>
      trainer.request('run/setPicture', { runId: run.id, settings: { kind: 'wordEmbedding', word } });
    await ask('d');
    await run.until(() => run.pictures.some((picture) => picture.kind === 'wordEmbedding' && picture.word === 'd'));
    await assert.rejects(ask(''), { code: 'TEXT_EMPTY' });
    await assert.rejects(ask('ab'), { code: 'PICTURE_WORD', message: '"ab" is 2 tokens: a │ b.' });
    await assert.rejects(ask('x'), { code: 'TEXT_UNKNOWN' });
    await trainer.request('run/stop', { runId: run.id });
    await run.ended();
    await ask('e');
    await run.until(() => run.pictures.some((picture) => picture.kind === 'wordEmbedding' && picture.word === 'e'));
  });

  it('has no model to come from when the run failed at its own attention, which is told with its place', async () => {
    const trainer = await bench.trainer();
    const broken = MODEL.replace('EPOCHS', '1').replace('x.shape[0], 1, 4, 4', 'x.shape[0], 1, 4, 3');
    const run = await bench.start(trainer, bench.modelFile(broken));
    const record = await run.ended();
    const error = record.end?.error;
    assert.equal(error?.code, 'MODEL_ATTENTION');
    assert.match(`${error.expected} ${error.found}`, /\[1, heads, 4, 4\].*\[1, 1, 4, 3\]/);
    // Where the experiment is declared.
    assert.equal(error.location?.line, 2);
    await assert.rejects(trainer.request('run/setPicture', { runId: run.id, settings: asked('a') }), {
      code: 'PICTURE_GONE',
    });
  });
});
