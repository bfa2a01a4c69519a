/** A language model on WebAssembly: the same network as TensorFlow's graph, held against the numbers written out by hand. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { llamaWeights } from '../../src/lab/gguf/llama';
import { createRandom } from '../../src/lab/random';
import { loadModel } from '../../src/learning/language/load';
import type { LanguageModel } from '../../src/learning/language/model';
import { SMALL, byHand, near, weightsOf } from '../unit/language/small';
import { useWasm } from './engine';

describe('a language model on WebAssembly', () => {
  before(useWasm);
  const weights = weightsOf(SMALL);
  const load = (): Promise<LanguageModel> =>
    loadModel(SMALL, (name) => Promise.resolve(weights.get(name) ?? assert.fail(name)));
  const tokens = [5, 200, 31, 5, 77, 0, 129];
  const held = (): readonly number[] => [tf.memory().numTensors, tf.backend().numDataIds()];

  it('gives the numbers of the network written out by hand, in one go, token by token and after going back', async () => {
    const before = held();
    const model = await load();
    const whole = await model.read(tokens);
    near(whole, byHand(SMALL, weights, tokens), 1e-4, 'logits');
    model.rewind(3);
    near(await model.read(tokens.slice(3)), whole, 1e-5, 'after going back');
    model.rewind(0);
    let last = new Float32Array();
    for (const token of tokens) last = new Float32Array(await model.read([token]));
    near(last, whole, 1e-5, 'token by token');
    assert.equal(model.position, tokens.length);
    model.dispose();
    assert.deepEqual(held(), before);
  });

  it('says what happens inside: hidden states, attention that is a mean of what was read, the lens behind each layer', async () => {
    const before = held();
    const model = await load();
    const whole = await model.read(tokens);
    model.rewind(0);
    const { hidden, attention, positions } = model.inspect(tokens);
    assert.deepEqual([hidden.length, attention.length], [SMALL.layers + 1, SMALL.layers]);
    near(model.lens(hidden.at(-1)!).slice(-SMALL.vocabulary), whole, 1e-5, 'the lens behind the last layer');
    for (const shares of attention) {
      assert.equal(shares.length, SMALL.heads * tokens.length * positions);
      for (let row = 0; row < SMALL.heads * tokens.length; row++) {
        const seen = shares.subarray(row * positions, (row + 1) * positions);
        near([seen.reduce((a, b) => a + b, 0)], [1], 1e-5, 'a row');
        assert.ok(seen.subarray((row % tokens.length) + 1).every((share) => share === 0));
      }
    }
    model.dispose();
    assert.deepEqual(held(), before);
  });

  it('has the weights of the file; with others it is another model, and the first one stays', async () => {
    const before = held();
    const model = await load();
    const own = model.weights();
    for (const [name, sides] of llamaWeights(SMALL)) {
      assert.deepEqual(own[name]!.shape, [...sides]);
      assert.deepEqual(own[name]!.dataSync(), weights.get(name));
    }
    const whole = await model.read(tokens);
    const names = ['blk.1.ffn_up.weight', 'blk.0.attn_k.weight'];
    const changed = Object.fromEntries(names.map((name) => [name, tf.mul(own[name]!, -0.5)]));
    const other = model.with(changed);
    const numbers = new Map(
      [...weights].map(([name, values]) => [name, names.includes(name) ? values.map((x) => -0.5 * x) : values]),
    );
    near(await other.read(tokens), byHand(SMALL, numbers, tokens), 1e-4, 'with other weights');
    other.dispose();
    model.rewind(0);
    near(await model.read(tokens), whole, 1e-6, 'as before');
    tf.dispose([Object.values(changed), Object.values(own)]);
    model.dispose();
    assert.deepEqual(held(), before);
  });

  it('reads a text of several pieces to the end of its context; called off between two, it keeps what it read', async () => {
    const before = held();
    const random = createRandom(9);
    const long = Array.from({ length: SMALL.context }, () => Math.floor(random.next() * SMALL.vocabulary));
    const model = await load();
    await assert.rejects(model.read(long, AbortSignal.abort()), { name: 'AbortError' });
    assert.equal(model.position, 0);
    near(await model.read(long), byHand(SMALL, weights, long), 1e-3, 'logits');
    await assert.rejects(model.read([1]), /context/);
    model.dispose();
    assert.deepEqual(held(), before);
  });
});
