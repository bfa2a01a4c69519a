/** Examples from a learner's generator. */
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { datasets, tf } from '../../../src/lab';
import { loadSplits } from '../../../src/lab/loadSplits';
import { LabError, type LabErrorCode } from '../../../src/protocol/errors';
import { DataFolder, refused } from './dataFolder';
import { useEngine } from './tensorflow';

describe('lab/datasets: generate', () => {
  before(useEngine);
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const form = { inputShape: [2], classes: ['even', 'odd'], examples: 10 };

  function* numbers(): Generator<datasets.Example> {
    for (let i = 0; ; i++) yield { x: [i, -i], y: i % 2 };
  }

  it('takes as many examples as are wanted, and lets the generator end', async () => {
    let [given, ended] = [0, false];
    const data = datasets.generate(
      async function* () {
        try {
          for (let i = 0; ; i++) {
            await wait(1);
            given += 1;
            yield { x: tf.tensor1d([i, i]), y: i % 2 === 0 ? 'even' : 'odd' };
          }
        } finally {
          ended = true;
        }
      },
      { ...form, name: 'Parity' },
    );
    assert.deepEqual([data.name, data.train, data.test, data.targetShape], ['Parity', 8, 2, []]);
    const before = tf.memory().numTensors;
    const { train, test } = await data.load(folder.context());
    assert.deepEqual([given, ended, train.length, test.length], [10, true, 8, 2]);
    assert.equal(tf.memory().numTensors, before, 'its tensors are freed');
    train.y.forEach((label, row) => {
      assert.equal(label, (train.x[2 * row] ?? 0) % 2);
    });
    await loadSplits(data, folder.context());
  });

  it('gives the same rows each time it is loaded, also as a regression and as whole numbers', async () => {
    const data = datasets.generate(numbers, { inputShape: [2], inputType: 'int32', examples: 10, test: 0.3 });
    assert.deepEqual([data.classes, data.targetShape, data.train], [[], [1], 7]);
    const [first, second] = [await data.load(folder.context()), await data.load(folder.context())];
    assert.deepEqual(first, second);
    assert.ok(first.train.x instanceof Int32Array && first.train.y instanceof Float32Array);
    await loadSplits(data, folder.context());
  });

  it('says when there are fewer, and needs two', async () => {
    const some = (count: number): datasets.Generator =>
      function* () {
        for (let i = 0; i < count; i++) yield { x: [i, i], y: i % 2 };
      };
    const { train, test } = await datasets.generate(some(6), form).load(folder.context());
    assert.equal(train.length + test.length, 6);
    assert.match(folder.warnings[0] ?? '', /6 examples were given, 10 were asked for/);
    await refused(datasets.generate(some(1), form).load(folder.context()), 'DATA_UNUSABLE');
  });

  it('names the example that does not fit, and stops there', async () => {
    const third = (example: unknown): datasets.Generator =>
      function* () {
        yield* [0, 1].map((i) => ({ x: [i, i], y: i }));
        yield example as datasets.Example;
      };
    const cases: readonly (readonly [unknown, LabErrorCode, RegExp])[] = [
      [{ x: [1], y: 0 }, 'DATA_INVALID', /x\[2\]: .*2 numbers.*1 numbers/],
      [{ x: [1, Number.NaN], y: 0 }, 'DATA_NOT_FINITE', /row 2, number 1/],
      [{ x: [1, 'b'], y: 0 }, 'DATA_INVALID', /x\[2\]/],
      [{ x: [1, 2], y: 2 }, 'DATA_LABEL_RANGE', /label 2 in row 2/],
      [{ x: [1, 2], y: 'evn' }, 'DATA_INVALID', /y\[2\].*evn/],
      [{ x: [1, 2] }, 'DATA_INVALID', /example 2/],
      [undefined, 'DATA_INVALID', /example 2/],
    ];
    for (const [example, code, message] of cases)
      assert.match(
        (await refused(datasets.generate(third(example), form).load(folder.context()), code)).message,
        message,
      );
    const odd = datasets.generate(third({ x: [1, 0.5], y: 0 }), { ...form, inputType: 'int32' });
    assert.match((await refused(odd.load(folder.context()), 'DATA_INVALID')).message, /x\[2\]: .*0\.5/);
  });

  it('can be called off although the generator never waits, and passes on what it throws', async () => {
    const endless = datasets.generate(numbers, { ...form, examples: 5_000_000 });
    setTimeout(() => {
      folder.abort.abort();
    }, 20);
    await refused(endless.load(folder.context()), 'CANCELLED');
    assert.ok(folder.progress.length > 0);
    folder.abort = new AbortController();
    const broken = datasets.generate(function* (): Generator<datasets.Example> {
      yield { x: [1, 2], y: 0 };
      throw new Error('no such file');
    }, form);
    await refused(loadSplits(broken, folder.context()), 'DATA_LOADER');
  });

  it('refuses options that do not fit', () => {
    const options =
      (more: object): (() => unknown) =>
      () =>
        datasets.generate(numbers, { ...form, ...more });
    for (const more of [
      { examples: 1 },
      { inputShape: [0] },
      { classes: ['a'] },
      { test: 1 },
      { inputType: 'bytes' },
      { size: 3 },
    ])
      assert.throws(options(more), (error) => error instanceof LabError && error.code === 'EXPERIMENT_INVALID');
    assert.throws(() => datasets.generate([] as never, form), /function/);
  });
});
