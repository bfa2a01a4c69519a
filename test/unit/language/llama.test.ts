import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { labPaths } from '../../../src/cli/context';
import { languageModelFile } from '../../../src/client/paths';
import type { GgufModel, LanguageModel, Piece } from '../../../src/lab';
import { llamaWeights } from '../../../src/lab/gguf/llama';
import type { LlamaShape } from '../../../src/lab/gguf/shape';
import { createRandom, normal } from '../../../src/lab/random';
import { nativeBackend } from '../../../src/learning/engine/native/internals';
import { Llama } from '../../../src/learning/language/llama';
import { pickToken } from '../../../src/learning/language/sampling';
import { ggufLoader } from '../../../src/trainer/language/gguf';
import { DataFolder, refused } from '../lab/dataFolder';
import { useEngine } from '../lab/tensorflow';
import { float32, floats, gguf, list, string, uint32, type Entry, type WrittenTensor } from '../gguf/write';

const SMALL: LlamaShape = {
  layers: 2,
  width: 12,
  heads: 4,
  keyValueHeads: 2,
  headWidth: 6,
  hidden: 10,
  vocabulary: 258,
  context: 700,
  ropeBase: 100,
  ropeWidth: 4,
  epsilon: 1e-5,
  isTied: false,
};

/** Weights by a seed: small numbers. */
function weightsOf(shape: LlamaShape): Map<string, Float32Array> {
  const random = createRandom(3);
  return new Map(
    [...llamaWeights(shape)].map(([name, sides]) => [
      name,
      Float32Array.from({ length: sides.reduce((a, b) => a * b, 1) }, () => 0.4 * normal(random)),
    ]),
  );
}

/** The same network written out in loops over numbers, position by position, with neither a cache nor TensorFlow. */
function byHand(shape: LlamaShape, weights: ReadonlyMap<string, Float32Array>, tokens: readonly number[]): number[] {
  const { width, heads, keyValueHeads, headWidth, ropeWidth, ropeBase, epsilon } = shape;
  const w = (name: string): Float32Array => weights.get(`${name}.weight`) ?? assert.fail(name);
  const times = (name: string, x: readonly number[]): number[] =>
    Array.from({ length: w(name).length / x.length }, (_, row) =>
      x.reduce((sum, value, i) => sum + value * (w(name)[row * x.length + i] ?? NaN), 0),
    );
  const norm = (name: string, x: readonly number[]): number[] => {
    const root = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length + epsilon);
    return x.map((value, i) => (value / root) * (w(name)[i] ?? NaN));
  };
  const turned = (x: readonly number[], position: number): number[] => {
    const result = [...x];
    for (let head = 0; head < x.length; head += headWidth) {
      for (let i = 0; i < ropeWidth; i += 2) {
        const angle = position * ropeBase ** (-i / ropeWidth);
        const [a = NaN, b = NaN] = x.slice(head + i, head + i + 2);
        result[head + i] = a * Math.cos(angle) - b * Math.sin(angle);
        result[head + i + 1] = b * Math.cos(angle) + a * Math.sin(angle);
      }
    }
    return result;
  };
  const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + (b[i] ?? NaN));
  let x = tokens.map((token) => [...w('token_embd').slice(token * width, (token + 1) * width)]);
  for (let layer = 0; layer < shape.layers; layer++) {
    const name = (part: string): string => `blk.${layer}.${part}`;
    const h = x.map((row) => norm(name('attn_norm'), row));
    const q = h.map((row, position) => turned(times(name('attn_q'), row), position));
    const k = h.map((row, position) => turned(times(name('attn_k'), row), position));
    const v = h.map((row) => times(name('attn_v'), row));
    x = x.map((row, position) => {
      const mixed = Array.from({ length: heads }, (_, head) => {
        const own = Math.floor(head / (heads / keyValueHeads)) * headWidth;
        const scores = k
          .slice(0, position + 1)
          .map((key) =>
            Array.from({ length: headWidth }).reduce<number>(
              (sum, _, i) => sum + (q[position]?.[head * headWidth + i] ?? NaN) * (key[own + i] ?? NaN),
              0,
            ),
          );
        const shares = scores.map((score) => Math.exp(score / Math.sqrt(headWidth)));
        const total = shares.reduce((a, b) => a + b);
        return Array.from({ length: headWidth }, (_, i) =>
          shares.reduce((sum, share, at) => sum + (share / total) * (v[at]?.[own + i] ?? NaN), 0),
        );
      });
      return plus(row, times(name('attn_output'), mixed.flat()));
    });
    x = x.map((row) => {
      const inside = norm(name('ffn_norm'), row);
      const [gate, up] = [times(name('ffn_gate'), inside), times(name('ffn_up'), inside)];
      return plus(
        row,
        times(
          name('ffn_down'),
          gate.map((g, i) => (g / (1 + Math.exp(-g))) * (up[i] ?? NaN)),
        ),
      );
    });
  }
  return times('output', norm('output_norm', x.at(-1) ?? []));
}

const near = (found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void => {
  assert.equal(found.length, expected.length);
  const worst = Math.max(...Array.from(found, (value, i) => Math.abs(value - (expected[i] ?? NaN))));
  assert.ok(worst <= tolerance, `${what}: ${worst}`);
};

describe('learning/language: the forward pass of LLaMA', () => {
  before(useEngine);
  const weights = weightsOf(SMALL);
  const load = (shape = SMALL): Promise<Llama> =>
    Llama.load(shape, (name) => Promise.resolve(weights.get(name) ?? assert.fail(name)));
  const tokens = [5, 200, 31, 5, 77, 0, 129];

  it('gives the numbers of the network written out by hand: grouped heads, heads turned in part, an output of its own', async () => {
    const llama = await load();
    try {
      near(await llama.read(tokens), byHand(SMALL, weights, tokens), 1e-4, 'logits');
    } finally {
      llama.dispose();
    }
  });

  it('token by token, in one go and after going back it is the same', async () => {
    const llama = await load();
    try {
      const whole = await llama.read(tokens);
      llama.rewind(3);
      near(await llama.read(tokens.slice(3)), whole, 1e-5, 'after going back');
      llama.rewind(0);
      let read = new Float32Array();
      for (const token of tokens) read = new Float32Array(await llama.read([token]));
      near(read, whole, 1e-5, 'token by token');
      llama.rewind(0);
      const { hidden, attention, capacity } = llama.inspect(tokens);
      const last = hidden.at(-1) ?? new Float32Array();
      near(llama.lens(last).slice(-SMALL.vocabulary), whole, 1e-5, 'the lens behind the last layer');
      assert.deepEqual([hidden.length, attention.length], [SMALL.layers + 1, SMALL.layers]);
      const [first = new Float32Array()] = attention;
      assert.equal(first.length, SMALL.heads * tokens.length * capacity);
      for (let row = 0; row < SMALL.heads * tokens.length; row++) {
        const seen = first.subarray(row * capacity, (row + 1) * capacity);
        const until = (row % tokens.length) + 1;
        near([seen.reduce((a, b) => a + b, 0)], [1], 1e-5, 'a row of attention is a mean');
        assert.ok(
          seen.subarray(until).every((share) => share === 0),
          'nothing ahead is looked at',
        );
      }
    } finally {
      llama.dispose();
    }
  });

  it('its weights are those of the file; with others in their place it is another model, and the first one stays', async () => {
    const { binding } = nativeBackend() ?? assert.fail('no engine');
    const before = [binding.getNumOfTensors(), tf.memory().numTensors];
    const llama = await load();
    const own = llama.weights();
    assert.deepEqual(Object.keys(own).sort(), [...weights.keys()].sort());
    for (const [name, sides] of llamaWeights(SMALL)) {
      assert.deepEqual((own[name] ?? assert.fail(name)).shape, [...sides]);
      assert.deepEqual((own[name] ?? assert.fail(name)).dataSync(), weights.get(name));
    }
    const whole = await llama.read(tokens);
    // One that lies in the graph by itself, and one in the middle of three.
    const names = ['blk.1.ffn_up.weight', 'blk.0.attn_k.weight'];
    const changed = Object.fromEntries(names.map((name) => [name, tf.mul(own[name] ?? assert.fail(name), -0.5)]));
    const other = llama.with(changed);
    const numbers = new Map(
      [...weights].map(([name, values]) => [name, names.includes(name) ? values.map((x) => -0.5 * x) : values]),
    );
    near(await other.read(tokens), byHand(SMALL, numbers, tokens), 1e-4, 'with other weights');
    other.dispose();
    llama.rewind(0);
    near(await llama.read(tokens), whole, 1e-6, 'as before');
    tf.dispose([Object.values(changed), Object.values(own)]);
    llama.dispose();
    assert.deepEqual([binding.getNumOfTensors(), tf.memory().numTensors], before);
  });

  it('a text over several pieces and growths of the cache, up to the last token of the context', async () => {
    const random = createRandom(9);
    const long = Array.from({ length: SMALL.context }, () => Math.floor(random.next() * SMALL.vocabulary));
    const llama = await load();
    try {
      near(await llama.read(long), byHand(SMALL, weights, long), 1e-3, 'logits');
      await assert.rejects(llama.read([1]), /context/);
    } finally {
      llama.dispose();
    }
  });

  it('can be called off between two pieces, keeps what it read, and leaves no tensors behind', async () => {
    const { binding } = nativeBackend() ?? assert.fail('no engine');
    const before = [binding.getNumOfTensors(), binding.getNumOfSavedModels(), tf.memory().numTensors];
    const llama = await load();
    await assert.rejects(llama.read(tokens, AbortSignal.abort()), { name: 'AbortError' });
    assert.equal(llama.position, 0);
    for (let i = 0; i < 3; i++) await llama.read(tokens);
    llama.inspect([1, 2]);
    llama.dispose();
    const after = [binding.getNumOfTensors(), binding.getNumOfSavedModels(), tf.memory().numTensors];
    assert.deepEqual(after, before);
  });
});

describe('learning/language: which token follows', () => {
  const scores = Float32Array.from([1, 3, 2, -Infinity, 0]);
  const all = { temperature: 1, topK: scores.length, topP: 1 };
  const drawn = (sampling: typeof all, count = 20_000): number[] => {
    const random = createRandom(1);
    const counts = scores.map(() => 0);
    for (let i = 0; i < count; i++) counts[pickToken(scores, sampling, random)]! += 1 / count;
    return [...counts];
  };

  it('at temperature 0 the likeliest, else by softmax of scores over temperature', () => {
    assert.deepEqual(drawn({ ...all, temperature: 0 }, 1), [0, 1, 0, 0, 0]);
    for (const temperature of [0.5, 1, 2]) {
      const weights = [...scores].map((score) => Math.exp(score / temperature));
      const total = weights.reduce((a, b) => a + b);
      near(
        drawn({ ...all, temperature }),
        weights.map((weight) => weight / total),
        0.02,
        String(temperature),
      );
    }
  });

  it('top-k and top-p leave the others out, and the likeliest in', () => {
    assert.deepEqual(
      drawn({ ...all, topK: 2 }).map((share) => share > 0),
      [false, true, true, false, false],
    );
    // 0.64, 0.24, 0.09, 0.03: the first two have 0.88 together.
    assert.deepEqual(
      drawn({ ...all, topP: 0.8 }).map((share) => share > 0),
      [false, true, true, false, false],
    );
    assert.deepEqual(
      drawn({ ...all, topP: 0 }, 50).map((share) => share > 0),
      [false, true, false, false, false],
    );
  });
});

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

  it('can be looked into: attention, what each layer would say, what comes next, and what is kept', async () => {
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

describe('models.gguf: files of a learner', () => {
  before(useEngine);
  let folder: DataFolder;
  beforeEach(() => (folder = new DataFolder()));
  afterEach(() => {
    folder.remove();
  });
  let next = 0x100;
  const characters = Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint((byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad) ? byte : next++),
  );
  const entries: Readonly<Record<string, Entry>> = {
    'general.architecture': string('llama'),
    'llama.block_count': uint32(SMALL.layers),
    'llama.context_length': uint32(SMALL.context),
    'llama.embedding_length': uint32(SMALL.width),
    'llama.feed_forward_length': uint32(SMALL.hidden),
    'llama.attention.head_count': uint32(SMALL.heads),
    'llama.attention.head_count_kv': uint32(SMALL.keyValueHeads),
    'llama.attention.key_length': uint32(SMALL.headWidth),
    'llama.attention.layer_norm_rms_epsilon': float32(SMALL.epsilon),
    'llama.rope.freq_base': float32(SMALL.ropeBase),
    'llama.rope.dimension_count': uint32(SMALL.ropeWidth),
    'tokenizer.ggml.model': string('gpt2'),
    'tokenizer.ggml.tokens': list([...characters, 'ab', '<s>'].map(string)),
    'tokenizer.ggml.merges': list([string('a b')]),
  };
  const sides = llamaWeights(SMALL);
  const numbers = weightsOf(SMALL);
  const tensors = Object.fromEntries(
    [...sides].map(([name, shape]) => [name, floats([...shape].reverse(), numbers.get(name) ?? [])]),
  );
  const load = (
    changes: Readonly<Record<string, Entry | undefined>>,
    others: Readonly<Record<string, WrittenTensor>> = tensors,
    memoryLimitMB = Infinity,
  ): Promise<LanguageModel> => {
    const all: Record<string, Entry> = {};
    for (const [key, value] of Object.entries({ ...entries, ...changes })) if (value !== undefined) all[key] = value;
    const file = folder.write('own.gguf', gguf(all, others));
    return ggufLoader({ languageModel: path.join(folder.path, 'none.gguf'), memoryLimitMB })(file);
  };

  it('a small one runs as the network written out by hand does', async () => {
    const model = await load({});
    try {
      assert.deepEqual(model.encode('abc'), [256, 99]);
      near(await model.scores([256, 99]), byHand(SMALL, numbers, [256, 99]), 1e-4, 'scores');
    } finally {
      model.dispose();
    }
  });

  it('how far the loading is, is told; one that was disposed says so', async () => {
    const shares: number[] = [];
    const file = folder.write('own.gguf', gguf(entries, tensors));
    const loader = ggufLoader({ languageModel: path.join(folder.path, 'none.gguf'), memoryLimitMB: Infinity });
    const model = await loader(file, (share) => shares.push(share));
    assert.deepEqual([shares[0], shares.at(-1)], [0, 1]);
    assert.deepEqual(
      shares,
      [...shares].sort((a, b) => a - b),
    );
    model.dispose();
    model.dispose();
    await refused(model.scores([1]), 'EXPERIMENT_INVALID');
    await refused(model.generate('a').next(), 'EXPERIMENT_INVALID');
  });

  it('what cannot be run, or does not fit together, is told before any weight is read', async () => {
    await refused(load({ 'general.architecture': string('mamba') }), 'GGUF_UNSUPPORTED');
    await refused(load({ 'general.architecture': undefined }), 'GGUF_UNSUPPORTED');
    await refused(load({ 'llama.block_count': uint32(3) }), 'GGUF_INCONSISTENT');
    await refused(load({ 'llama.block_count': uint32(2 ** 31) }), 'GGUF_INCONSISTENT');
    await refused(load({ 'llama.attention.head_count_kv': uint32(3) }), 'GGUF_INCONSISTENT');
    await refused(load({ 'llama.feed_forward_length': string('10') }), 'GGUF_INCONSISTENT');
    await refused(load({ 'llama.rope.dimension_count': uint32(3) }), 'GGUF_INCONSISTENT');
    await refused(load({ 'tokenizer.ggml.tokens': list(characters.map(string)) }), 'GGUF_INCONSISTENT');
    const { 'blk.1.ffn_up.weight': left, ...others } = tensors;
    assert.ok(left);
    await refused(load({}, others), 'GGUF_INCONSISTENT');
    await refused(load({}, { ...tensors, 'blk.0.attn_q.bias': floats([24], Array(24).fill(0)) }), 'GGUF_UNSUPPORTED');
  });

  it('too little memory is told before it is used, and a model that is not here with how to get it', async () => {
    const { expected, found } = await refused(load({}, tensors, 1), 'GGUF_MEMORY');
    assert.match(expected ?? '', /257 MB/);
    assert.ok(found !== undefined);
    const none = ggufLoader({ languageModel: path.join(folder.path, 'none.gguf'), memoryLimitMB: Infinity });
    assert.match((await refused(none(), 'GGUF_MISSING')).remedy ?? '', /Get Language Model/);
  });
});
