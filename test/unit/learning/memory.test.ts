/** What a step takes of memory, foretold from a few rows: by hand, against whole batches, and in a real trainer with little. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { experiment, type Dataset, type Experiment, type PlainSplit } from '../../../src/lab';
import { nativeBackend } from '../../../src/learning/engine/native/internals';
import { bytesDuring } from '../../../src/learning/engine/native/peak';
import { batchOf, Rows } from '../../../src/learning/training/batches';
import { build } from '../../../src/learning/training/build';
import { memoryOfSteps } from '../../../src/learning/training/memory';
import { useEngine } from '../lab/tensorflow';
import { Bench } from '../trainer/support';

const WIDTH = 16;
const split = (length: number): PlainSplit => ({
  length,
  x: Float32Array.from({ length: length * WIDTH }, (_, index) => Math.sin(index)),
  y: new Float32Array(length),
});
const data = (length: number): Dataset => ({
  name: 'waves',
  kind: 'table',
  inputShape: [WIDTH],
  targetShape: [1],
  classes: [],
  train: length,
  test: length,
  licence: 'none',
  load: () => Promise.resolve({ train: split(length), test: split(length) }),
});
const common = { title: 'M', loss: 'meanSquaredError', epochs: 1, optimizer: () => tf.train.adam(0.01) } as const;

const MODELS: Readonly<Record<string, (batchSize: number) => Experiment>> = {
  'plain operations': (batchSize) =>
    experiment({
      ...common,
      data: data(batchSize),
      batchSize,
      parameters: () => ({ w: tf.randomNormal([WIDTH, 512], 0, 1, 'float32', 1), v: tf.ones([512, 1]) }),
      forward: ({ w, v }, x: tf.Tensor2D) => {
        const h = tf.tanh(tf.matMul(x, w));
        return tf.matMul(tf.reshape(tf.square(tf.reshape(h, [-1, 2, 256])), [-1, 512]), v);
      },
    }),
  layers: (batchSize) =>
    experiment({
      ...common,
      data: data(batchSize),
      batchSize,
      model: ({ inputShape }) =>
        tf.sequential({
          layers: [
            tf.layers.dense({ inputShape, units: 512, activation: 'relu' }),
            tf.layers.batchNormalization(),
            tf.layers.dropout({ rate: 0.5 }),
            tf.layers.dense({ units: 1 }),
          ],
        }),
    }),
};

describe('the memory that a training takes', function () {
  this.timeout(60_000);
  before(useEngine);

  it('counts numbers once that several tensors share, and no more when all of these are freed', () => {
    const backend = nativeBackend() ?? assert.fail('no engine');
    const given = tf.ones([1000]);
    tf.dispose(tf.neg(given)); // now it is where TensorFlow computes
    const bytes = bytesDuring(backend, () => {
      tf.tidy(() => {
        const a = tf.add(given, given); // 4,000 bytes
        const b = tf.reshape(a, [10, 100]); // the same ones, and 8 for the sizes
        const c = tf.add(b, b); // 4,000 more
        a.dispose();
        b.dispose();
        tf.add(c, c); // where a was
        tf.reshape(given, [1, 1000]); // those of before
      });
    });
    const most = Math.max(...bytes);
    assert.ok(most >= 8000 && most < 8100, `${most}`);
    given.dispose();
  });

  for (const [name, make] of Object.entries(MODELS))
    it(`is that of a whole batch, foretold from few of its rows, and leaves the training as it was: ${name}`, async () => {
      const BATCH = 200;
      const of = make(BATCH);
      const before = tf.memory().numTensors;
      const built = build(of);
      const rows = new Rows(split(BATCH), of.data);
      const weights = (): number[][] => built.learner.weights.map(({ tensor }) => [...tensor.dataSync()]);
      const [held, were] = [tf.memory().numTensors, weights()];
      const foretold = await memoryOfSteps(built, rows, 1);
      assert.equal(tf.memory().numTensors, held);
      assert.deepEqual(weights(), were);
      const feeds = rows.feeds(rows.longest(BATCH));
      const whole = bytesDuring(nativeBackend() ?? assert.fail(), () => {
        tf.tidy(() => void built.learner.trial(batchOf(feeds)));
      });
      // Adam's two averages come with its first step.
      const expected = foretold(BATCH) - 8 * built.learner.parameters;
      const taken = Math.max(...whole);
      assert.ok(Math.abs(expected / taken - 1) < 0.03, `${expected} foretold, ${taken} taken`);
      assert.ok(taken > BATCH * 4 * 512 * 2, 'at least two hidden vectors a row');
      Rows.release(feeds);
      rows.dispose();
      built.learner.dispose();
      built.optimizer.dispose();
      assert.equal(tf.memory().numTensors, before);
    });

  it('is refused before the first step where it is not there, with a batch that fits, which then trains', async () => {
    const bench = new Bench();
    const LIMIT = 1200;
    const ROWS = 16_384;
    // 64 MB of frozen weights, of which a part is used; 4096 numbers a row in each of the operations before.
    const text = (batchSize: number): string => `import { experiment, tf } from 'deep-learning-lab';
const split = () => ({ length: ${ROWS}, x: new Float32Array(${ROWS}), y: new Float32Array(${ROWS}) });
export default experiment({
  title: 'Large',
  data: {
    name: 'zeros', kind: 'table', inputShape: [1], targetShape: [1], classes: [], train: ${ROWS}, test: ${ROWS},
    licence: 'none', load: () => Promise.resolve({ train: split(), test: split() }),
  },
  parameters: () => ({ w: tf.ones([1, 4096]) }),
  frozen: () => ({ f: tf.fill([4096, 4096], 1e-4) }),
  forward: ({ w }, x, { frozen: { f } }) => {
    let h = tf.matMul(x, w);
    for (let layer = 0; layer < 4; layer++) h = tf.tanh(h);
    return tf.matMul(h, tf.slice(f, [0, 0], [4096, 1]));
  },
  optimizer: () => tf.train.sgd(1e-4),
  loss: 'meanSquaredError',
  epochs: 1,
  batchSize: ${batchSize},
});
`;
    try {
      const trainer = await bench.trainer({ memoryLimitMB: LIMIT });
      const run = await bench.start(trainer, bench.modelFile(text(ROWS)));
      const { state, end, progress } = await run.ended();
      const { code, expected = '', found = '', remedy = '', location } = end?.error ?? assert.fail(state);
      assert.deepEqual([state, code, progress.step, location?.line], ['failed', 'TRAINING_MEMORY', 0, 3]);
      const [needed, left] = [expected, found].map((said) => Number(/\d+/.exec(said)?.[0]));
      assert.ok(needed !== undefined && left !== undefined && needed > left && left < LIMIT, `${expected}, ${found}`);
      const fits = Number(/"batchSize" to (\d+)/.exec(remedy)?.[1]);
      assert.ok(fits > 100 && fits < ROWS, remedy);
      const other = await bench.start(trainer, bench.modelFile(text(fits)));
      assert.equal((await other.ended()).state, 'finished', JSON.stringify(other.record?.end));
    } finally {
      await bench.dispose();
    }
  });
});
