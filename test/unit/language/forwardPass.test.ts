import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { llamaWeights } from '../../../src/lab/gguf/llama';
import { createRandom } from '../../../src/lab/random';
import { nativeBackend } from '../../../src/learning/engine/native/internals';
import { Llama } from '../../../src/learning/language/llama';
import { useEngine } from '../lab/tensorflow';
import { SMALL, byHand, near, weightsOf } from './small';

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
      const { hidden, attention, positions } = llama.inspect(tokens);
      const last = hidden.at(-1) ?? new Float32Array();
      near(llama.lens(last).slice(-SMALL.vocabulary), whole, 1e-5, 'the lens behind the last layer');
      assert.deepEqual([hidden.length, attention.length], [SMALL.layers + 1, SMALL.layers]);
      const [first = new Float32Array()] = attention;
      assert.equal(first.length, SMALL.heads * tokens.length * positions);
      for (let row = 0; row < SMALL.heads * tokens.length; row++) {
        const seen = first.subarray(row * positions, (row + 1) * positions);
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

  it('a text over several pieces and growths of the cache, up to the last token of the context, then a short one', async () => {
    const random = createRandom(9);
    const long = Array.from({ length: SMALL.context }, () => Math.floor(random.next() * SMALL.vocabulary));
    const llama = await load();
    try {
      near(await llama.read(long), byHand(SMALL, weights, long), 1e-3, 'logits');
      await assert.rejects(llama.read([1]), /context/);
      // A short text in the cache of a long one: only its beginning is looked at.
      llama.rewind(0);
      near(await llama.read(tokens), byHand(SMALL, weights, tokens), 1e-4, 'logits of a short text after it');
      const { attention, positions } = llama.inspect(tokens);
      assert.ok(positions < SMALL.context);
      assert.equal(attention[0]?.length, SMALL.heads * tokens.length * positions);
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
