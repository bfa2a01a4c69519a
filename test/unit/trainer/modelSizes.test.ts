/** `modelSizes`: models of several sizes trained afresh after the training, and the laws that fit what they reach. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';
import { productFlops } from '../../../src/learning/forwardCost';
import { fitPowerLaw, frontier } from '../../../src/learning/powerLaw';
import type { ModelSizes } from '../../../src/protocol/pictures';
import type { RunRecord } from '../../../src/protocol/run';
import { Run } from '../../../src/trainer/runs/run';
import { describeModelSizes } from '../../../src/words/pictures/modelSizes';
import { lawLine, logTicks, withExponent } from '../../../webview/kit/pictures/modelSizes/lines';
import { useEngine } from '../lab/tensorflow';
import { Bench } from './support';

/** A network of one hidden layer of `own`, and the sizes of `more`. */
const source = (own: number, more = '', epochs = 3): string => `
import { experiment, datasets, tf, type DataInfo } from 'deep-learning-lab';
const network = (units: number) => ({ inputShape, classes }: DataInfo) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ inputShape, units, activation: 'tanh' }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
export default experiment({
  title: 'sizes',
  data: datasets.spirals({ train: 96, test: 60 }),
  model: network(${own}),
  optimizer: () => tf.train.adam(0.01),
  loss: 'sparseCategoricalCrossentropy',
  epochs: ${epochs},
  batchSize: 16,
  seed: 4,
  ${more}
});
`;
const of = (...units: number[]): string =>
  `modelSizes: [${units.map((n) => `{ label: '${n}', model: network(${n}) }`).join(', ')}],`;

describe('models of several sizes', function () {
  this.timeout(120_000);
  const bench = new Bench();
  before(useEngine);
  after(() => bench.dispose());

  const last = {} as { activities: { text: string; fraction: number | null }[]; run: Run };

  /** The very run of a trainer, in this process. */
  async function run(
    text: string,
    onPicture: (study: ModelSizes, run: Run) => void = () => undefined,
    onChanged: (record: RunRecord, run: Run) => void = () => undefined,
  ): Promise<RunRecord> {
    const activities: { text: string; fraction: number | null }[] = [];
    const made: Run = await Run.begin(
      { modelFile: bench.modelFile(text), runsDirectory: bench.runs, abandon: { action: 'continue', graceSeconds: 1 } },
      {
        engine: { kind: 'native', package: 'test', version: 'test', reason: 'test' },
        trainer: { pid: process.pid, instance: 'test' },
        dataDirectories: [],
        cacheDirectory: defaultCache(),
        memoryLimitMB: Infinity,
        isAttended: () => true,
      },
      {
        changed: (record) => {
          onChanged(record, made);
        },
        points: () => undefined,
        activity: (_id, said, fraction) => activities.push({ text: said, fraction }),
        picture: (_id, picture) => {
          if (picture.kind === 'modelSizes') onPicture(picture, made);
        },
      },
    );
    Object.assign(last, { activities, run: made });
    return await made.ended;
  }

  const saved = (): ModelSizes =>
    JSON.parse(fs.readFileSync(path.join(last.run.folder.path, 'artifacts', 'modelSizes.json'), 'utf8')) as ModelSizes;

  it('gives what runs of their own give, with parameters and operations counted by hand, and says how far it is', async () => {
    const told: ModelSizes[] = [];
    const record = await run(source(4, of(2, 8, 32)), (study) => told.push(study));
    assert.equal(record.end?.reason, 'completed', record.end?.error?.message);
    const study = saved();
    assert.deepEqual(told.at(-1), study);
    assert.deepEqual(
      told.map(({ rows, laws }) => [rows.length, laws.parameters !== undefined]),
      [
        [1, false],
        [2, false],
        [3, true],
      ],
    );
    const { activities } = last;
    assert.deepEqual(
      [...new Set(activities.map(({ text }) => text))],
      ['2', '8', '32'].map((label, i) => `Training "${label}" (${i + 1} of 3)`),
    );
    for (const share of [0, 1 / 3, 2 / 3]) {
      assert.ok(
        activities.some(({ fraction }) => Math.abs(fraction! - share) < 1e-9),
        String(share),
      );
    }
    for (const { label, parameters, flops, value, curve } of study.rows) {
      const units = Number(label);
      // 2 coordinates, 3 classes: weights and biases.
      assert.equal(parameters, 2 * units + units + 3 * units + 3);
      // Forward 2 · (2·units + units·3), three times that with the gradients, 96 points, 3 epochs.
      assert.equal(flops, 3 * 2 * 5 * units * 96 * 3);
      assert.deepEqual(
        curve.map((one) => one.flops),
        [flops / 3, (2 * flops) / 3, flops],
      );
      assert.equal(curve[2]?.value, value);
      assert.equal((await run(source(units))).latest['val_loss'], value);
    }
    const ends = study.rows.map(({ parameters, value }) => ({ x: parameters, y: value! }));
    assert.deepEqual(study.laws.parameters, fitPowerLaw(ends));
    assert.equal(study.published, undefined, 'exponents of language models, beside a network that is none');
    assert.equal(study.summary, describeModelSizes(study));
  });

  it('that are stopped leave the training complete and what there is', async () => {
    const record = await run(source(4, of(2, 8, 32)), (_study, running) => {
      void running.stop('stoppedByUser');
    });
    assert.deepEqual([record.state, record.end?.reason], ['finished', 'completed']);
    assert.equal(saved().rows.length, 1);
  });

  it('wait while they are paused, and go on', async () => {
    const states: string[] = [];
    await run(
      source(4, of(2, 8)),
      ({ rows }, running) => {
        if (rows.length === 1) running.pause();
      },
      ({ state }, running) => {
        if (states.at(-1) === state) return;
        states.push(state);
        if (state === 'paused')
          setImmediate(() => {
            running.resume();
          });
      },
    );
    assert.deepEqual(states, ['preparing', 'training', 'paused', 'training', 'finished']);
    assert.equal(saved().rows.length, 2);
  });

  it('of which one has no loss that is a number: it has no figure, the others do', async () => {
    const wild = `modelSizes: [{ label: 'wild', optimizer: () => tf.train.sgd(1e38) }, { label: 'tame', model: network(3) }],`;
    const record = await run(source(4, wild).replace("'tanh'", "'linear'"));
    assert.equal(record.end?.reason, 'completed', record.end?.error?.message);
    assert.deepEqual(
      saved().rows.map(({ value }) => typeof value),
      ['object', 'number'],
    );
  });

  it('leave no tensor behind', async () => {
    const text = source(4, of(2, 8), 2);
    await run(text);
    const before = tf.memory().numTensors;
    await run(text);
    assert.equal(tf.memory().numTensors, before);
  });

  it('cost what arithmetic by hand says, product by product', async () => {
    const cost = (work: () => tf.Tensor): Promise<number> =>
      productFlops(() => {
        tf.dispose(work());
      });
    const [a, b] = [tf.ones([5, 7]), tf.ones([7, 11])];
    const [q, k] = [tf.ones([2, 3, 6, 4]), tf.ones([2, 3, 9, 4])];
    const [image, filter] = [tf.ones<tf.Rank.R4>([1, 8, 8, 3]), tf.ones<tf.Rank.R4>([3, 3, 3, 5])];
    assert.equal(await cost(() => tf.matMul(a, b)), 2 * 5 * 7 * 11);
    assert.equal(await cost(() => tf.matMul(b, a, true, true)), 2 * 5 * 7 * 11);
    assert.equal(await cost(() => tf.matMul(q, k, false, true)), 2 * 6 * (6 * 4 * 9));
    assert.equal(await cost(() => tf.conv2d(image, filter, 1, 'same')), 2 * (8 * 8 * 5) * (3 * 3 * 3));
    assert.equal(await cost(() => tf.fused.matMul({ a, b, activation: 'relu' })), 2 * 5 * 7 * 11);
    const fused = { x: image, filter, strides: 1, pad: 'same' as const, activation: 'relu' as const };
    assert.equal(await cost(() => tf.fused.conv2d(fused)), 2 * (8 * 8 * 5) * (3 * 3 * 3));
    const each = tf.ones<tf.Rank.R4>([3, 3, 3, 2]);
    assert.equal(await cost(() => tf.depthwiseConv2d(image, each, 1, 'same')), 2 * (8 * 8 * 6) * (3 * 3));
    each.dispose();
    assert.equal(await cost(() => tf.add(a, 1)), 0);
    tf.dispose([a, b, q, k, image, filter]);
  });
});

describe('a power law', () => {
  it('is found exactly where the points follow one', () => {
    const law = fitPowerLaw([1e3, 1e4, 1e6].map((x) => ({ x, y: 5 * x ** -0.076 })))!;
    assert.ok(Math.abs(law.exponent - 0.076) < 1e-12);
    assert.ok(Math.abs(law.factor - 5) < 1e-10);
  });

  it('is the line of least squares through the logarithms, by hand', () => {
    // ln x = 0, 1, 2; ln y = 1, 0, 2: the slope is Σ(dx·dy)/Σdx² = (−1·0 + 1·1)/2 = 1/2, the mean of ln y 1.
    const points = [1, Math.E, Math.E ** 2].map((x, i) => ({ x, y: Math.exp([1, 0, 2][i]!) }));
    const law = fitPowerLaw(points)!;
    assert.ok(Math.abs(law.exponent - -0.5) < 1e-12);
    assert.ok(Math.abs(Math.log(law.factor) - 0.5) < 1e-12);
  });

  it('is not made up of two points, of points at one place, or of what has no logarithm', () => {
    const at = (...pairs: [number, number][]): { x: number; y: number }[] => pairs.map(([x, y]) => ({ x, y }));
    assert.equal(fitPowerLaw(at([1, 2], [2, 1])), undefined);
    assert.equal(fitPowerLaw(at([3, 2], [3, 1], [3, 4])), undefined);
    assert.equal(fitPowerLaw(at([1, 2], [2, 1], [0, 1], [3, -1], [Number.NaN, 1])), undefined);
  });

  it('of what can be had for a price leaves out what costs more and is no better', () => {
    const points = [
      { x: 3, y: 3 },
      { x: 1, y: 5 },
      { x: 2, y: 6 },
      { x: 4, y: 3 },
      { x: 5, y: 1 },
      { x: 1, y: 7 },
    ];
    assert.deepEqual(
      frontier(points).map(({ x, y }) => [x, y]),
      [
        [1, 5],
        [3, 3],
        [5, 1],
      ],
    );
  });

  it('is drawn as a line, others by their slope through its middle', () => {
    const law = { exponent: 0.5, factor: 10 };
    assert.deepEqual(lawLine(law, [1, 100]), [
      { x: 1, y: 10 },
      { x: 100, y: 1 },
    ]);
    const other = withExponent(law, 0, [1, 100]);
    assert.ok(Math.abs(other.factor - 10 / Math.sqrt(10)) < 1e-12);
    assert.deepEqual(logTicks(900, 2_000_000), [1e3, 1e4, 1e5, 1e6]);
    assert.ok(logTicks(1.6, 2.3).length >= 3);
  });
});
