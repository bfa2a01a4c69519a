/** `sizes`: both models trained afresh on ever more examples, after the training. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';
import type { Picture, SizeStudy } from '../../../src/protocol/pictures';
import type { RunRecord } from '../../../src/protocol/run';
import { Run } from '../../../src/trainer/runs/run';
import { epochsOn } from '../../../src/learning/training/afresh';
import { useEngine } from '../lab/tensorflow';
import { Bench } from './support';

const compareWith = "compareWith: { label: 'plain', model: network('linear') }";

/** On the first `examples` of the same 96 examples. */
const source = (examples: number, extra: string, { epochs = 3, activation = 'tanh' } = {}): string => `
import { experiment, datasets, tf, type DataInfo, type Split } from 'deep-learning-lab';
const whole = datasets.spirals({ train: 96, test: 60 });
const network = (activation: 'tanh' | 'linear') => ({ inputShape, classes }: DataInfo) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ inputShape, units: 16, activation }),
      tf.layers.dropout({ rate: 0.2 }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
export default experiment({
  title: 'bent',
  data: {
    ...whole,
    train: ${examples},
    load: async (context) => {
      const { train, test } = await whole.load(context);
      const part: Split = { length: ${examples}, x: train.x.slice(0, ${examples} * 2), y: train.y.slice(0, ${examples}) };
      return { train: part, test };
    },
  },
  model: network('${activation}'),
  optimizer: () => tf.train.adam(0.01),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  epochs: ${epochs},
  batchSize: 16,
  seed: 4,
  ${extra}
});
`;

describe('a study by number of examples', function () {
  this.timeout(120_000);
  const bench = new Bench();
  before(useEngine);
  after(() => bench.dispose());

  /** The very run of a trainer, in this process. */
  async function run(
    text: string,
    onPicture: (study: SizeStudy, run: Run) => void = () => undefined,
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
        activity: (_id, text, fraction) => activities.push({ text, fraction }),
        picture: (_id, picture) => {
          if (picture.kind === 'sizeStudy') onPicture(picture, made);
        },
      },
    );
    Object.assign(last, { activities, run: made });
    return await made.ended;
  }
  const last = {} as { activities: { text: string; fraction: number | null }[]; run: Run };

  const saved = (): SizeStudy =>
    JSON.parse(fs.readFileSync(path.join(last.run.folder.path, 'artifacts', 'sizeStudy.json'), 'utf8')) as SizeStudy &
      Picture;

  it('gives what runs of their own give, for both models and each size, rising', async () => {
    const told: SizeStudy[] = [];
    const record = await run(source(96, `${compareWith}, sizes: [96, 20, 48]`), (study) => told.push(study));
    assert.equal(record.end?.reason, 'completed', record.end?.error?.message);
    const study = saved();
    assert.deepEqual(told.at(-1), study);
    assert.deepEqual(
      told.map(({ rows }) => rows.map(({ examples }) => examples)),
      [[20], [20, 48], [20, 48, 96]],
    );
    assert.deepEqual([study.label, study.referenceLabel, study.metric], ['bent', 'plain', 'val_accuracy']);
    assert.match(study.summary, /With 20 training examples "bent" reaches val_accuracy .*With 96/);
    // 96 examples in batches of 16, 3 epochs: 18 steps are the most that a smaller set gets.
    assert.deepEqual(
      study.rows.map(({ epochs }) => epochs),
      [9, 6, 3],
    );
    for (const { examples, epochs, value, reference } of study.rows) {
      assert.equal((await run(source(examples, '', { epochs }))).latest['val_accuracy'], value);
      const plain = await run(source(examples, '', { epochs, activation: 'linear' }));
      assert.equal(plain.latest['val_accuracy'], reference);
    }
  });

  it('says how far it is, up to the end', async () => {
    await run(source(96, `${compareWith}, sizes: [20, 96]`));
    const texts = [...new Set(last.activities.map(({ text }) => text))];
    assert.deepEqual(texts, [
      'Training both models on 20 examples (1 of 2)',
      'Training both models on 96 examples (2 of 2)',
    ]);
    const fractions = last.activities.map(({ fraction }) => fraction!);
    assert.equal(fractions[0], 0);
    assert.deepEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    );
    // Begun four times: two models on 20 examples (9 epochs of 2 steps), two on 96 (3 of 6).
    for (const share of [0, 0.25, 0.5, 0.75]) assert.ok(fractions.includes(share), String(share));
  });

  it('that is stopped leaves the training complete and what it has', async () => {
    const record = await run(source(96, `${compareWith}, sizes: [20, 48, 96]`), (_study, running) => {
      void running.stop('stoppedByUser');
    });
    assert.deepEqual([record.state, record.end?.reason], ['finished', 'completed']);
    assert.equal(record.latest['val_accuracy'] !== undefined, true);
    assert.equal(saved().rows.length, 1);
  });

  it('waits while it is paused, and goes on', async () => {
    const states: string[] = [];
    const record = await run(
      source(96, `${compareWith}, sizes: [20, 48, 96]`),
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
    assert.deepEqual([record.state, record.end?.reason], ['finished', 'completed']);
    assert.deepEqual(states, ['preparing', 'training', 'paused', 'training', 'finished']);
    assert.equal(saved().rows.length, 3);
  });

  it('leaves out a figure whose loss was no number, and goes on', async () => {
    const diverging = "compareWith: { label: 'wild', optimizer: () => tf.train.sgd(1e30), loss: 'meanSquaredError' }";
    const text = source(96, `${diverging}, sizes: [20, 96]`).replace("'sparseCategoricalCrossentropy'", 'own');
    const own = `const own = { name: 'own', fromLogits: false, compute: (y: tf.Tensor, p: tf.Tensor): tf.Scalar =>
      tf.mean(tf.square(tf.sub(tf.oneHot(tf.cast(y, 'int32'), 3), p))) };\n`;
    const record = await run(
      text
        .replace('export default', `${own}export default`)
        .replace("loss: 'meanSquaredError'", 'loss: wild')
        .replace(
          'export default',
          `const wild = { ...own, compute: (y: tf.Tensor, p: tf.Tensor): tf.Scalar => tf.mul(1e30, own.compute(y, p)) };\nexport default`,
        ),
    );
    assert.equal(record.end?.reason, 'completed', record.end?.error?.message);
    assert.ok(record.referenceEnd !== undefined && record.referenceEnd.step > 1);
    assert.match(record.referenceEnd.message, new RegExp(`at step ${record.referenceEnd.step}\\.`));
    assert.equal(record.latest['val_reference_loss'], undefined);
    for (const { value, reference } of saved().rows) {
      assert.ok(value! > 0);
      assert.equal(reference, null);
    }
  });

  it('and a model to compare with leave no tensor behind, and none after a step', async () => {
    const text = source(96, `${compareWith}, sizes: [20]`, { epochs: 40 });
    await run(text);
    const before = tf.memory().numTensors;
    await run(text);
    assert.equal(tf.memory().numTensors, before);
  });

  it('trains long enough on few examples, and never longer than on all', () => {
    const whole = { total: 1000, batchSize: 10, epochs: 5 };
    assert.equal(epochsOn(1000, whole), 5);
    assert.equal(epochsOn(500, whole), 5);
    assert.equal(epochsOn(100, whole), 20); // 10 steps an epoch: 200 steps
    assert.equal(epochsOn(5, whole), 200);
    assert.equal(epochsOn(10, { total: 30, batchSize: 10, epochs: 2 }), 6); // as many steps as on all 30
    assert.equal(epochsOn(20, { total: 30, batchSize: 10, epochs: 1 }), 1); // 2 epochs would be 4 steps of at most 3
  });
});
