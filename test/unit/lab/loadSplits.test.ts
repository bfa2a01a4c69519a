/** What a loader gives is held against what its data set declares, once, for every data set whoever wrote it. */
import assert from 'node:assert/strict';
import type { Dataset, LoadContext, PlainDataset, PlainSplit } from '../../../src/lab/dataset';
import { loadSplits } from '../../../src/lab/loadSplits';
import { LabError, type LabErrorData } from '../../../src/protocol/errors';

const ROWS = 6;

const numbers = () => ({
  length: ROWS,
  x: Float32Array.from({ length: ROWS * 2 }, (_, i) => i),
  y: Float32Array.from({ length: ROWS }, (_, i) => i / 2),
});
const labels = (): PlainSplit => ({ ...numbers(), y: Int32Array.from({ length: ROWS }, (_, i) => i % 3) });

function dataset(load: () => unknown, declared: Partial<PlainDataset> = {}): PlainDataset {
  return {
    name: 'mine',
    kind: 'table',
    inputShape: [2],
    classes: [],
    targetShape: [],
    train: ROWS,
    test: ROWS,
    licence: 'made up',
    load: load as Dataset['load'],
    ...declared,
  };
}

const context = (signal = new AbortController().signal): LoadContext => ({
  directories: [],
  cacheDirectory: '',
  signal,
  progress: () => undefined,
});

async function failure(load: () => unknown, declared: Partial<PlainDataset> = {}): Promise<LabErrorData> {
  try {
    await loadSplits(dataset(load, declared), context());
  } catch (error) {
    assert.ok(error instanceof LabError, String(error));
    assert.match(error.message, /"mine"/);
    assert.equal(error.data.field, 'data');
    assert.ok(error.data.remedy);
    return error.data;
  }
  throw new Error('It should have failed.');
}

const CLASSES = { classes: ['a', 'b', 'c'] };

describe('the weights of a split', () => {
  const weighted = (weights: unknown) => () => ({ train: { ...labels(), weights }, test: labels() });

  it('are one number of at least 0 for each row', async () => {
    const weights = Float32Array.of(0, 1, 2, 3, 4, 5);
    const loaded = await loadSplits(dataset(weighted(weights), CLASSES), context());
    assert.equal(loaded.train.weights, weights);
    const wrong: [unknown, RegExp][] = [
      [[0, 1, 2, 3, 4, 5], /train\.weights: expected a Float32Array of 6 numbers.*an array of 6 items/],
      [new Float32Array(5), /a Float32Array of 6 numbers, one for each row, found Float32Array of 5 numbers/],
      [Float32Array.of(0, 1, Number.NaN, 3, 4, 5), /finite numbers, found NaN in row 2/],
      [Float32Array.of(0, 1, 2, -3, 4, 5), /weights of at least 0, found -3 in row 3/],
    ];
    for (const [value, message] of wrong) assert.match((await failure(weighted(value), CLASSES)).message, message);
  });
});

describe('the splits of a data set', () => {
  it('are handed on as they are: the very arrays', async () => {
    const [train, test] = [labels(), { ...labels(), x: new Uint8Array(ROWS * 2) }];
    const loaded = await loadSplits(
      dataset(async () => Promise.resolve({ train, test }), CLASSES),
      context(),
    );
    assert.equal(loaded.train, train);
    assert.equal(loaded.test, test);
  });

  it('may come without a promise', async () => {
    const train = numbers();
    assert.equal(
      (
        await loadSplits(
          dataset(() => ({ train, test: train })),
          context(),
        )
      ).train,
      train,
    );
  });

  it('have labels of their classes: counted from 1 is told with the label, its row and the remedy', async () => {
    const y = Int32Array.from({ length: ROWS }, (_, i) => 1 + (i % 3));
    const error = await failure(() => ({ train: { ...labels(), y }, test: labels() }), CLASSES);
    assert.equal(error.code, 'DATA_LABEL_RANGE');
    assert.match(error.message, /train\.y/);
    assert.match(error.found ?? '', /label 3 in row 2 .*from 1 to 3/);
    assert.match(error.remedy ?? '', /take 1 from each/);
  });

  it('have no labels -1 and 1 beside two classes', async () => {
    const y = Float32Array.from({ length: ROWS }, (_, i) => (i % 2 === 0 ? 1 : -1));
    const split = { ...labels(), y };
    const error = await failure(() => ({ train: split, test: split }), { classes: ['no', 'yes'] });
    assert.equal(error.code, 'DATA_LABEL_RANGE');
    assert.match(error.found ?? '', /label -1 in row 1/);
    assert.match(error.remedy ?? '', /0 in place of -1.*classes: \[\]/);
  });

  it('have whole labels', async () => {
    const y = Float32Array.from({ length: ROWS }, (_, i) => (i === 4 ? 0.5 : 0));
    const error = await failure(() => ({ train: labels(), test: { ...labels(), y } }), CLASSES);
    assert.match(error.message, /test\.y.*label 0\.5 in row 4/);
  });

  it('take -1 and 1 where there are no classes: they are numbers then', async () => {
    const split = { ...numbers(), y: Float32Array.from({ length: ROWS }, (_, i) => (i % 2 === 0 ? 1 : -1)) };
    await loadSplits(
      dataset(() => ({ train: split, test: split })),
      context(),
    );
  });

  const hole = (which: 'train' | 'test', array: 'x' | 'y', index: number, value: number) => () => {
    const splits = { train: numbers(), test: numbers() };
    splits[which][array][index] = value;
    return splits;
  };
  for (const { load, found } of [
    { load: hole('train', 'x', 5, Number.NaN), found: /train\.x.*NaN in row 2, number 1/ },
    { load: hole('train', 'y', 3, Number.NaN), found: /train\.y.*NaN in row 3/ },
    { load: hole('test', 'x', 0, Number.POSITIVE_INFINITY), found: /test\.x.*Infinity in row 0, number 0/ },
    { load: hole('test', 'y', 5, Number.NEGATIVE_INFINITY), found: /test\.y.*-Infinity in row 5/ },
  ]) {
    it(`have no holes: ${found.source}`, async () => {
      const error = await failure(load);
      assert.equal(error.code, 'DATA_NOT_FINITE');
      assert.match(error.message, found);
    });
  }

  const train = numbers();
  for (const { title, given, message } of [
    { title: 'nothing', given: undefined, message: /load: expected the training and the test data, found nothing/ },
    { title: 'no test data', given: { train }, message: /test: expected .*found nothing/ },
    { title: 'a split that is a text', given: { train: 'rows.csv', test: train }, message: /train: .*'rows\.csv'/ },
    {
      title: 'no length',
      given: { train: { x: train.x, y: train.y }, test: train },
      message: /train\.length: .*found nothing/,
    },
    {
      title: 'no rows',
      given: { train, test: { length: 0, x: new Float32Array(0), y: new Float32Array(0) } },
      message: /test\.length: .*at least 1, found 0/,
    },
    {
      title: 'a plain array',
      given: { train: { ...train, x: Array.from(train.x) }, test: train },
      message: /train\.x: expected Float32Array or Uint8Array of 12 numbers, 6 rows of 2, found an array of 12 items/,
    },
    {
      title: 'an array for each row',
      given: { train: { ...train, x: Array.from({ length: ROWS }, () => [1, 2]) }, test: train },
      message: /train\.x: .*found an array of 6 items/,
    },
    {
      title: 'double precision',
      given: { train: { ...train, x: new Float64Array(12) }, test: train },
      message: /train\.x: .*found Float64Array of 12 numbers/,
    },
    {
      title: 'bytes as targets',
      given: { train: { ...train, y: new Uint8Array(ROWS) }, test: train },
      message: /train\.y: expected Float32Array or Int32Array .*found Uint8Array of 6 numbers/,
    },
    {
      title: 'a row too few in the inputs',
      given: { train: { ...train, x: train.x.slice(2) }, test: train },
      message: /train\.x: .*of 12 numbers.*found Float32Array of 10 numbers/,
    },
    {
      title: 'a target too many',
      given: { train, test: { ...train, y: new Float32Array(ROWS + 1) } },
      message: /test\.y: .*of 6 numbers.*found Float32Array of 7 numbers/,
    },
  ]) {
    it(`name the data set, what was expected and found: ${title}`, async () => {
      const error = await failure(() => given);
      assert.equal(error.code, 'DATA_INVALID');
      assert.match(error.message, message);
    });
  }

  it('tell what their loader threw, with the data set, and keep the cause for its place', async () => {
    const cause = new Error('ENOENT: no such file');
    const load = (): never => {
      throw cause;
    };
    const error = await failure(load);
    assert.equal(error.code, 'DATA_LOADER');
    assert.match(error.message, /ENOENT/);
    await assert.rejects(loadSplits(dataset(load), context()), (thrown: Error) => thrown.cause === cause);
  });

  it('leave errors of the lab as they are', async () => {
    const missing = new LabError({ code: 'DATA_MISSING', message: 'no files' });
    await assert.rejects(
      loadSplits(
        dataset(() => {
          throw missing;
        }),
        context(),
      ),
      missing,
    );
  });

  it('are not looked at when somebody cancelled meanwhile', async () => {
    const controller = new AbortController();
    const load = (): unknown => {
      controller.abort();
      return undefined;
    };
    await assert.rejects(loadSplits(dataset(load), context(controller.signal)), { code: 'CANCELLED' });
  });
});
