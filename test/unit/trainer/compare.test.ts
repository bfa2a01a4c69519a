/** A second model beside the first (`compareWith`), in real trainers: it disturbs nothing, and is what it would be alone. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { TrainerConnection } from '../../../src/client/processes/connection';
import type { Metrics, Point } from '../../../src/protocol/run';
import { experiment } from '../../../src/lab/define';
import type { Split } from '../../../src/lab/dataset';
import { Control } from '../../../src/learning/training/control';
import { Training } from '../../../src/learning/training/training';
import { exportCsv } from '../../../src/runFolder/export/csv';
import { exportTensorBoard } from '../../../src/runFolder/export/tensorboard';
import { useEngine } from '../lab/tensorflow';
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
  let trainer: TrainerConnection;
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

  describe('resumed from a checkpoint', () => {
    const text = compared(`model: ${model(OTHER_DROPOUT)}`);
    const resume = (from: Followed, checkpoint = 'epoch-0001', source = text): Promise<Followed> =>
      finished(source, { resumeFrom: { runFolder: from.runFolder, checkpoint }, overrides: { compile: false } });

    it('continues both curves', async () => {
      const whole = await finished(text, { overrides: { compile: false } });
      const resumed = await resume(whole);
      assert.deepEqual(own(resumed.points), own(whole.points));
      assert.deepEqual(others(resumed.points), others(whole.points));
    });

    it('that knows no reference continues its own curve alone, and says so', async () => {
      const alone = await finished(spirals(), { overrides: { compile: false } });
      const resumed = await resume(alone);
      assert.deepEqual(
        resumed.points.map(({ values: all }) => all),
        alone.points.map(({ values: all }) => all),
      );
      const { referenceEnd } = await readRecord(resumed);
      assert.equal(referenceEnd?.step, 4);
      assert.match(referenceEnd.message, /checkpoint has no model to compare with/);
    });

    it('with one, without compareWith any more, continues its own', async () => {
      const both = await finished(text, { overrides: { compile: false } });
      const resumed = await resume(both, 'epoch-0002', spirals());
      assert.deepEqual(own(resumed.points), own(both.points));
      assert.equal(resumed.points.at(-1)!.values['reference_loss'], undefined);
    });

    it('of another model to compare with is refused, naming the tensor', async () => {
      const both = await finished(text);
      const wider = text.replace(model(OTHER_DROPOUT), model(OTHER_DROPOUT).replace('units: 8', 'units: 9'));
      const run = await bench.start(trainer, bench.modelFile(wider), {
        resumeFrom: { runFolder: both.runFolder, checkpoint: 'epoch-0001' },
      });
      const { end } = await run.ended();
      assert.equal(end?.error?.code, 'CHECKPOINT_OTHER_MODEL');
      assert.match(end.error.expected ?? '', /first\/kernel.*\[2, 9\]/);
    });

    it('after the reference has ended, leaves it ended', async () => {
      const wild = compared('optimizer: () => tf.train.sgd(1e39)');
      const whole = await finished(wild, { overrides: { compile: false } });
      const end = (await readRecord(whole)).referenceEnd;
      assert.ok(end !== undefined && end.step <= 3);
      const resumed = await resume(whole, 'epoch-0001', wild);
      assert.deepEqual((await readRecord(resumed)).referenceEnd, end);
      assert.deepEqual(own(resumed.points), own(whole.points));
      assert.deepEqual(others(resumed.points), others(whole.points));
    });
  });

  for (const compile of [true, false]) {
    it(`ends the reference alone when its loss is no number (${compile ? 'compiled' : 'eager'})`, async () => {
      const alone = await finished(spirals(), { overrides: { compile } });
      const both = await finished(compared('optimizer: () => tf.train.sgd(1e39)'), { overrides: { compile } });
      assert.deepEqual(own(both.points), own(alone.points));
      const { referenceEnd, state } = await readRecord(both);
      assert.equal(state, 'finished');
      assert.match(referenceEnd?.message ?? '', /loss is NaN at step \d.*weights of "first"/);
      const told = both.steps().filter(({ values: all }) => 'reference_loss' in all);
      assert.equal(told.length, referenceEnd!.step - 1);
      assert.ok(both.epochs().every(({ values: all }) => !('val_reference_loss' in all)));
    });
  }

  for (const trainable of [true, false]) {
    it(`is refused when both models have the same ${trainable ? '' : 'frozen '}layer`, async () => {
      const shared = `const first = tf.layers.dense({ inputShape: [2], units: 8, name: 'first', trainable: ${trainable} });
const network = () => tf.sequential({ layers: [first, tf.layers.dense({ units: 3, activation: 'softmax' })] });
export default`;
      const text = compared('model: network')
        .replace('export default', shared)
        .replace(/model: \(\{ inputShape[^]*?optimizer/, 'model: network, optimizer');
      const { end } = await (await bench.start(trainer, bench.modelFile(text))).ended();
      assert.equal(end?.error?.code, 'EXPERIMENT_INVALID', JSON.stringify(end));
      assert.match(end.error.message, /Both models have the same weights: "first\/kernel"/);
    });
  }

  it('says where the code of the other model is wrong', async () => {
    const wrong = model(0).replace('units: classes', 'units: 5');
    const { end } = await (await bench.start(trainer, bench.modelFile(compared(`model: ${wrong}`)))).ended();
    assert.equal(end?.error?.code, 'MODEL_SHAPE');
  });

  it('has its figures in the CSV, and folders of its own for TensorBoard', async () => {
    const both = await finished(compared('optimizer: () => tf.train.sgd(0.1)'));
    const file = path.join(bench.folder, 'run.csv');
    await exportCsv(both.runFolder, file);
    const [header] = fs.readFileSync(file, 'utf8').split('\r\n');
    assert.match(header!, /,loss,accuracy,reference_loss,reference_accuracy,val_loss,.*,val_reference_accuracy$/);
    const output = path.join(bench.folder, 'tensorboard');
    await exportTensorBoard(both.runFolder, output);
    assert.deepEqual(fs.readdirSync(output).sort(), ['reference_train', 'reference_validation', 'train', 'validation']);
    const [name] = fs.readdirSync(path.join(output, 'reference_validation'));
    const bytes = fs.readFileSync(path.join(output, 'reference_validation', name!), 'latin1');
    assert.equal(bytes.split('epoch_loss').length - 1, 3);
    assert.ok(!bytes.includes('reference_'));
  });
});

describe('a model beside another, step by step', () => {
  before(useEngine);

  /** Squared error of w·x for y = 2x, by gradient descent: w ← w − rate · dL/dw. */
  const line = experiment({
    title: 'line',
    data: {
      name: 'line',
      kind: 'table',
      inputShape: [1],
      targetShape: [1],
      classes: [],
      train: 60,
      test: 4,
      licence: 'none',
      load: () => Promise.reject(new Error('not used')),
    },
    parameters: () => ({ w: tf.zeros([1, 1]) }),
    forward: ({ w }, x) => tf.matMul(x, w),
    optimizer: () => tf.train.sgd(0.1),
    loss: 'meanSquaredError',
    epochs: 4,
    batchSize: 1,
    compareWith: { label: 'half as fast', optimizer: () => tf.train.sgd(0.05) },
  });
  const rows = (length: number): Split => ({
    length,
    x: new Float32Array(length).fill(1),
    y: new Float32Array(length).fill(2),
  });

  async function trained(
    compile: boolean,
    prepare: (control: Control) => void,
  ): Promise<{ points: Point[]; tensors: number[] }> {
    const control = new Control(() => undefined);
    prepare(control);
    const points: Point[] = [];
    const tensors: number[] = [];
    const data = { train: rows(60), test: rows(4) };
    const training = new Training({ experiment: line, data, epochs: 4, compile, control, whole: true, now: () => 0 });
    training.listen({
      point: (point) => points.push(point),
      stepEnd: () => tensors.push(tf.memory().numTensors),
      referenceEnded: () => assert.fail('not finite'),
    });
    assert.equal(await training.run(), 'completed');
    training.dispose();
    return { points, tensors };
  }

  for (const compile of [false, true]) {
    const how = compile ? 'compiled' : 'eager';

    it(`moves by its own rate, and by a new one in proportion (${how})`, async () => {
      const { points } = await trained(compile, (control) => {
        control.changeLearningRate(0.2);
      });
      let [w, v] = [0, 0];
      for (const { values: all } of points.filter(({ kind }) => kind === 'step').slice(0, 12)) {
        assert.ok(Math.abs(all['loss']! - (w - 2) ** 2) < 1e-5);
        assert.ok(Math.abs(all['reference_loss']! - (v - 2) ** 2) < 1e-5);
        w -= 0.2 * 2 * (w - 2);
        v -= 0.1 * 2 * (v - 2);
      }
    });

    it(`leaks no tensor in 240 steps (${how})`, async () => {
      const before = tf.memory().numTensors;
      const { tensors } = await trained(compile, () => undefined);
      assert.equal(tensors.length, 240);
      assert.equal(tensors.at(-1), tensors[10]);
      assert.equal(tf.memory().numTensors, before);
    });
  }
});

async function readRecord(run: Followed): Promise<NonNullable<Followed['record']>> {
  await run.ended();
  return JSON.parse(fs.readFileSync(path.join(run.runFolder, 'run.json'), 'utf8')) as NonNullable<Followed['record']>;
}
