/** A second model beside the first (`compareWith`), in real trainers: it disturbs nothing, and is what it would be alone. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Trainer } from '../../../src/client/trainers/trainer';
import type { Metrics, Point } from '../../../src/protocol/run';
import { Bench, spirals, type Followed } from './support';

const OTHER_DROPOUT = 0.5;

/** The spirals' network with another rate of dropout, as `compareWith.model` or as the experiment's own. */
const model = (dropout: number): string => `({ inputShape, classes }) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape, units: 8, activation: 'tanh', name: 'first' }),
        tf.layers.dropout({ rate: ${dropout} }),
        tf.layers.dense({ units: classes, activation: 'softmax', name: 'last' }),
      ],
    })`;

const compared = (differences: string, extra = ''): string =>
  spirals({ extra: `compareWith: { label: 'the other', ${differences} }, ${extra}` });

/** Without what belongs to the reference. */
const own = (points: readonly Point[]): Metrics[] => values(points, (name) => !name.includes('reference_'));
/** The reference's, by the names that they would have in a run of their own. */
const others = (points: readonly Point[]): Metrics[] =>
  values(
    points,
    (name) => name.includes('reference_'),
    (name) => name.replace('reference_', ''),
  );

function values(
  points: readonly Point[],
  wanted: (name: string) => boolean,
  rename: (name: string) => string = (name) => name,
): Metrics[] {
  return points.map((point) =>
    Object.fromEntries(
      Object.entries(point.values)
        .filter(([name]) => wanted(name))
        .map(([name, value]) => [rename(name), value]),
    ),
  );
}

describe('a run with a model to compare with', function () {
  this.timeout(120_000);
  const bench = new Bench();
  let trainer: Trainer;
  before(async () => {
    trainer = await bench.trainer({ idleSeconds: 30 });
  });
  after(() => bench.dispose());

  async function finished(source: string, overrides: Parameters<Bench['start']>[2] = {}): Promise<Followed> {
    const run = await bench.start(trainer, bench.modelFile(source), overrides);
    const record = await run.ended();
    assert.equal(record.state, 'finished', record.end?.error?.message);
    return run;
  }

  for (const compile of [true, false]) {
    describe(compile ? 'compiled' : 'eager', () => {
      const overrides = { overrides: { compile } };

      it('has the very figures that it has without, and the reference those of a run of its own', async () => {
        const alone = await finished(spirals(), overrides);
        const both = await finished(compared(`model: ${model(OTHER_DROPOUT)}`), overrides);
        const other = await finished(spirals({ dropout: OTHER_DROPOUT }), overrides);
        assert.equal(both.points.length, 3 * 3 + 3);
        assert.deepEqual(own(both.points), own(alone.points));
        assert.deepEqual(others(both.points), own(other.points));
        assert.notDeepEqual(own(both.points), others(both.points));
      });
    });
  }

  it('takes another optimizer and another loss beside the same network', async () => {
    const loss = `{ name: 'halved', fromLogits: false, compute: (y, p) => tf.mul(0.5, tf.losses.softmaxCrossEntropy(tf.oneHot(y, 3), tf.log(p))) }`;
    const both = await finished(compared(`optimizer: () => tf.train.sgd(0.1), loss: ${loss}`));
    const { config, latest } = await readRecord(both);
    assert.equal(config?.reference?.loss, 'halved');
    assert.ok(latest['val_reference_loss']! < 0.7);
  });

  it('tells its curves apart in the record', async () => {
    const both = await finished(compared('optimizer: () => tf.train.sgd(0.1)'));
    const { config, latest } = await readRecord(both);
    assert.equal(config?.reference?.label, 'the other');
    assert.equal(config.reference.optimizer, 'SGD');
    assert.equal(config.optimizer, 'Adam');
    assert.deepEqual(
      Object.keys(latest).sort(),
      ['', 'val_']
        .flatMap((split) => ['', 'reference_'].flatMap((who) => ['accuracy', 'loss'].map((name) => split + who + name)))
        .sort(),
    );
  });
});

async function readRecord(run: Followed): Promise<NonNullable<Followed['record']>> {
  await run.ended();
  return JSON.parse(fs.readFileSync(path.join(run.runFolder, 'run.json'), 'utf8')) as NonNullable<Followed['record']>;
}
