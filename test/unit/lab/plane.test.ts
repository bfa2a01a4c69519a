import assert from 'node:assert/strict';
import { datasets, type InMemoryDataset, type LoadContext, type PlainSplit } from '../../../src/lab';
import { LabError } from '../../../src/protocol/errors';

const context: LoadContext = {
  directories: [],
  cacheDirectory: '/nowhere',
  signal: new AbortController().signal,
  progress: () => undefined,
};

function counts(split: PlainSplit, classes: number): number[] {
  return Array.from({ length: classes }, (_, k) => split.y.filter((label) => label === k).length);
}

function points(split: PlainSplit): { x: number; y: number; label: number }[] {
  return Array.from(split.y, (label, i) => ({ x: split.x[2 * i]!, y: split.x[2 * i + 1]!, label }));
}

const all: Record<
  string,
  (options?: { train?: number; test?: number; noise?: number; seed?: number }) => InMemoryDataset
> = {
  spirals: datasets.spirals,
  circles: datasets.circles,
  moons: datasets.moons,
  xor: datasets.xor,
  gaussians: datasets.gaussians,
};

describe('lab/datasets in the plane', () => {
  for (const [name, make] of Object.entries(all)) {
    it(`${name}: as many points as asked for, classes in equal parts, numbers near the unit square`, async () => {
      const dataset = make({ train: 301, test: 100 });
      assert.deepEqual([dataset.kind, dataset.inputShape, dataset.targetShape], ['points', [2], []]);
      assert.deepEqual([dataset.train, dataset.test], [301, 100]);
      assert.ok(dataset.licence.length > 0);
      const { train, test } = await dataset.load(context);
      assert.deepEqual([train.length, train.x.length, train.y.length], [301, 602, 301]);
      assert.equal(test.length, 100);
      assert.ok(train.x instanceof Float32Array && train.y instanceof Int32Array);
      const share = counts(train, dataset.classes.length);
      assert.ok(Math.max(...share) - Math.min(...share) <= 1, share.join());
      assert.ok(train.x.every((value) => Number.isFinite(value) && Math.abs(value) < 3));
    });

    it(`${name}: the seed says which points; train and test are drawn apart`, async () => {
      const first = await make({ seed: 4 }).load(context);
      const again = await make({ seed: 4 }).load(context);
      const other = await make({ seed: 5 }).load(context);
      const longer = await make({ seed: 4, train: 2000 }).load(context);
      assert.deepEqual(first, again);
      assert.notDeepEqual(first.train.x, other.train.x);
      assert.notDeepEqual(first.train.x.slice(0, 100), first.test.x.slice(0, 100));
      assert.deepEqual(first.test, longer.test, 'the test set does not depend on the size of the training set');
    });

    it(`${name}: noise has the standard deviation asked for`, async () => {
      const clean = points((await make({ train: 4000, noise: 0 }).load(context)).train);
      const noisy = points((await make({ train: 4000, noise: 0.2 }).load(context)).train);
      const spread = (list: { x: number }[]): number => {
        const mean = list.reduce((sum, { x }) => sum + x, 0) / list.length;
        return list.reduce((sum, { x }) => sum + (x - mean) ** 2, 0) / list.length;
      };
      const added = spread(noisy) - spread(clean);
      assert.ok(Math.abs(added - 0.04) < 0.025, `variance grew by ${added}, 0.2² is 0.04`);
    });
  }

  it('without noise the points lie where the geometry says', async () => {
    const of = async (dataset: InMemoryDataset): Promise<ReturnType<typeof points>> =>
      points((await dataset.load(context)).train);
    for (const { x, y, label } of await of(datasets.circles({ noise: 0, factor: 0.4 }))) {
      assert.ok(Math.abs(Math.hypot(x, y) - (label === 0 ? 1 : 0.4)) < 1e-6);
    }
    for (const { x, y, label } of await of(datasets.xor({ noise: 0 }))) assert.equal(label, x * y > 0 ? 0 : 1);
    for (const { x, y, label } of await of(datasets.moons({ noise: 0 }))) {
      const side = label === 0 ? 1 : -1;
      assert.ok(Math.abs(Math.hypot(side * x + 0.5, side * y + 0.25) - 1) < 1e-6);
      assert.ok(side * y + 0.25 > -1e-6);
    }
    for (const { x, y, label } of await of(datasets.spirals({ noise: 0, classes: 3, turns: 1 }))) {
      const radius = Math.hypot(x, y);
      const turn = (((Math.atan2(y, x) / (2 * Math.PI) - radius) % 1) + 1) % 1;
      assert.ok(Math.abs(turn - label / 3) < 1e-4 || Math.abs(turn - label / 3 - 1) < 1e-4);
    }
    const centres = new Set((await of(datasets.gaussians({ noise: 0, classes: 5 }))).map(({ x, y }) => `${x},${y}`));
    assert.equal(centres.size, 5);
  });

  it('refuses options out of range and options it does not know', () => {
    const refuses = (make: () => unknown, pattern: RegExp): void => {
      assert.throws(make, (error) => {
        assert.ok(error instanceof LabError);
        assert.equal(error.code, 'EXPERIMENT_INVALID');
        assert.match(`${error.message} ${error.data.remedy ?? ''}`, pattern);
        return true;
      });
    };
    refuses(() => datasets.spirals({ train: 0 }), /datasets\.spirals: train: .*from 1 to 1000000, found 0/);
    refuses(() => datasets.moons({ test: 1.5 }), /datasets\.moons: test/);
    refuses(() => datasets.circles({ noise: -1 }), /noise/);
    refuses(() => datasets.circles({ factor: 2 }), /factor/);
    refuses(() => datasets.gaussians({ classes: 1 }), /classes/);
    refuses(() => datasets.xor({ seeds: 1 } as object), /Did you mean 'seed'/);
    refuses(() => datasets.moons(5 as never), /an object/);
  });

  it('stops loading when cancelled', async () => {
    const aborted = { ...context, signal: AbortSignal.abort() };
    await assert.rejects(datasets.moons().load(aborted));
  });
});
