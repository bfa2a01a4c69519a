import assert from 'node:assert/strict';
import path from 'node:path';
import type { LanguageModel } from '../../../src/lab';
import { llamaWeights } from '../../../src/lab/gguf/llama';
import { ggufLoader } from '../../../src/trainer/language/gguf';
import { DataFolder, refused } from '../lab/dataFolder';
import { useEngine } from '../lab/tensorflow';
import { float32, floats, gguf, list, string, uint32, type Entry, type WrittenTensor } from '../gguf/write';
import { SMALL, byHand, near, weightsOf } from './small';

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
