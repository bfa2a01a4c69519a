/** What an experiment says is frozen: used, never trained, never copied. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { experiment, type Dataset, type Experiment, type Frozen, type PlainSplit } from '../../../src/lab';
import { nativeBackend } from '../../../src/learning/engine/native/internals';
import { comparedExperiment } from '../../../src/learning/training/comparison';
import { Control } from '../../../src/learning/training/control';
import { Training } from '../../../src/learning/training/training';
import { refused } from '../lab/dataFolder';
import { useEngine } from '../lab/tensorflow';

const split = (): PlainSplit => ({ length: 2, x: Float32Array.of(1, 2), y: Float32Array.of(3, 5) });
const data: Dataset = {
  name: 'line',
  kind: 'table',
  inputShape: [1],
  targetShape: [1],
  classes: [],
  train: 2,
  test: 2,
  licence: 'none',
  load: () => Promise.resolve({ train: split(), test: split() }),
};

const three = (): tf.Variable => tf.tidy(() => tf.variable(tf.tensor2d([[3]]), false));

/** y = w · (f · x), where f stays. */
function scaled(frozen: () => Frozen | Promise<Frozen>, compareWith?: 'other'): Experiment {
  return experiment({
    title: 'Frozen',
    data,
    parameters: () => ({ w: tf.tensor2d([[1]]) }),
    frozen,
    forward: ({ w }, x: tf.Tensor2D, { frozen: { f } }) => tf.matMul(tf.matMul(x, f as tf.Tensor2D), w),
    ...(compareWith === undefined
      ? {}
      : { compareWith: { label: compareWith, parameters: () => ({ w: tf.tensor2d([[2]]) }) } }),
    optimizer: () => tf.train.sgd(0.05),
    loss: 'meanSquaredError',
    epochs: 1,
    batchSize: 2,
  });
}

const begun = (of: Experiment, compile: boolean, whole = false): Promise<Training> =>
  Training.create({
    experiment: of,
    data: { train: split(), test: split() },
    epochs: 1,
    compile,
    whole,
    control: new Control(() => undefined),
  });

describe('frozen weights', () => {
  before(useEngine);

  for (const compile of [false, true])
    it(`are used and stay what they are, ${compile ? 'compiled' : 'operation by operation'}: gradients by hand`, async () => {
      const before = tf.memory().numTensors;
      const f = three();
      const training = await begun(
        scaled(() => Promise.resolve({ f })),
        compile,
      );
      let kind = '';
      training.listen({ executed: (state) => (kind = state.kind) });
      assert.deepEqual(
        training.built.learner.weights.map(({ name }) => name),
        ['w'],
        'what checkpoints hold',
      );
      assert.equal(training.built.learner.parameters, 1);
      const [x, y] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[3], [5]])];
      let w = 1;
      for (let step = 1; step <= 8; step++) {
        const [r1, r2] = [3 * w - 3, 6 * w - 5];
        const { values } = training.executor.step({ x, y }, step);
        assert.ok(Math.abs((values['loss'] ?? NaN) - (r1 * r1 + r2 * r2) / 2) < 1e-5);
        // dL/dw = mean of 2 · r · f · x
        w -= 0.05 * (3 * r1 + 6 * r2);
      }
      assert.equal(kind, compile ? 'compiled' : 'eager');
      tf.dispose([x, y]);
      training.dispose();
      assert.equal(f.dataSync()[0], 3, 'a variable stays the caller’s');
      f.dispose();
      assert.equal(tf.memory().numTensors, before);
    });

  it('tensors belong to the model, and the model of compareWith has the same ones', async () => {
    const before = tf.memory().numTensors;
    let made = 0;
    const of = scaled(async () => {
      made++;
      await Promise.resolve();
      return { f: three() };
    }, 'other');
    const training = await begun(of, true, true);
    assert.equal(await training.run(), 'completed');
    assert.equal(made, 1);
    training.dispose();
    assert.equal(tf.memory().numTensors, before + 1, 'the variable, whose owner nobody is');
    const own = await begun(
      scaled(() => ({ f: tf.tensor2d([[3]]) })),
      false,
    );
    own.dispose();
    assert.equal(tf.memory().numTensors, before + 1);
  });

  it('are in memory once, however many graphs there are', async () => {
    const SIDE = 4_000; // 64 MB
    const bytes = 4 * SIDE * SIDE;
    const f = tf.tidy(() => tf.variable(tf.fill([SIDE, SIDE], 0.001), false));
    const wide: Experiment = experiment({
      title: 'Wide',
      data,
      parameters: () => ({ w: tf.ones([1, SIDE]), v: tf.ones([SIDE, 1]) }),
      frozen: () => ({ f }),
      forward: ({ w, v }, x: tf.Tensor2D, { frozen }) =>
        tf.matMul(tf.matMul(tf.matMul(x, w as tf.Tensor2D), frozen['f'] as tf.Tensor2D, false, true), v as tf.Tensor2D),
      optimizer: () => tf.train.adam(1e-6),
      loss: 'meanSquaredError',
      epochs: 1,
      batchSize: 2,
    });
    await f.data();
    const { binding } = nativeBackend() ?? assert.fail('no engine');
    const training = await begun(wide, true);
    const [x, y] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[3], [5]])];
    const before = process.memoryUsage.rss();
    for (let step = 1; step <= 12; step++) training.executor.step({ x, y }, step);
    tf.dispose(training.executor.predict(x));
    const grown = process.memoryUsage.rss() - before;
    assert.ok(grown < bytes / 2, `${Math.round(grown / 2 ** 20)} MB more`);
    assert.ok(binding.getNumOfSavedModels() > 0, 'it was compiled');
    tf.dispose([x, y]);
    training.dispose();
    f.dispose();
  });

  it('and the chat: the model of compareWith takes over the first, not the second, which merges the other’s weights', () => {
    const own = { ...scaled(() => ({}), 'other'), chat: { model: () => assert.fail() } } as Experiment;
    const compared = comparedExperiment(own) ?? assert.fail();
    assert.ok('frozen' in compared && !('chat' in compared));
  });

  it('that are none are told', async () => {
    for (const wrong of [3, [tf.scalar(1)], { f: 3 }, undefined])
      await refused(
        begun(
          scaled(() => wrong as never),
          false,
        ),
        'EXPERIMENT_INVALID',
      );
    assert.throws(() => scaled({} as never), { code: 'EXPERIMENT_INVALID' });
  });
});
