/** Models that begin with the weights of another model file's run, and models of which a part is frozen. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { experiment, datasets, tf, trained } from '../../../src/lab';
import { seal } from '../../../src/files/seal';
import type { Metrics, RunRecord } from '../../../src/protocol/run';
import { readPoints } from '../../../src/runFolder/points';
import { listRuns } from '../../../src/runFolder/runs';
import { loadModelFile } from '../../../src/trainer/modelFile/load';
import { build } from '../../../src/learning/training/build';
import { Executor } from '../../../src/learning/training/executor';
import { Randomness } from '../../../src/learning/training/randomness';
import { useEngine } from '../lab/tensorflow';
import { Bench, spirals } from './support';

/** Begins with the base's weights and does not move them: its figures are the base's. */
const likeTheBase = (file = './base.ts'): string => `
import { experiment, tf, trained } from 'deep-learning-lab';
import base from '${file.replace(/\.ts$/, '')}';
export default experiment({
  title: 'On top of ${file}',
  data: base.data,
  model: () => trained(base, '${file}'),
  optimizer: () => tf.train.sgd(1e-8),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  epochs: 1,
  batchSize: 32,
});
`;

describe('a model that begins with the weights of another model file', function () {
  this.timeout(60_000);
  let bench: Bench;
  before(useEngine);
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(async () => {
    await bench.dispose();
  });

  const epochs = async (folder: string): Promise<Metrics[]> =>
    (await readPoints(folder)).filter(({ kind }) => kind === 'epoch').map(({ values }) => values);
  const lastOf = async (folder: string): Promise<number> => (await epochs(folder)).at(-1)!['val_loss']!;
  async function run(name: string, overrides?: { epochs: number }): Promise<{ record: RunRecord; folder: string }> {
    const started = await bench.start(await bench.trainer(), path.join(bench.folder, name), {
      ...(overrides === undefined ? {} : { overrides }),
    });
    return { record: await started.ended(), folder: started.runFolder };
  }

  it('has the weights that its newest finished run ended with', async () => {
    bench.modelFile(spirals({ epochs: 3 }), 'base.ts');
    bench.modelFile(likeTheBase());
    const first = await run('base.ts', { epochs: 1 });
    const second = await run('base.ts');
    assert.notEqual(await lastOf(first.folder), await lastOf(second.folder));
    // Newer, but not finished; newer, but of another file; damaged; newer, but not made here.
    const other = { ...second.record, createdAt: '2099-01-01T00:00:00.000Z' };
    for (const [name, record] of [
      ['stopped', JSON.stringify({ ...other, state: 'stopped' })],
      ['elsewhere', JSON.stringify({ ...other, modelFile: path.join(bench.folder, 'elsewhere.ts') })],
      ['damaged', '{"format":1,'],
      ['foreign', JSON.stringify(other)],
    ] as const) {
      const made = path.join(bench.runs, name);
      if (name === 'foreign') fs.cpSync(first.folder, made, { recursive: true });
      else fs.mkdirSync(made);
      if (name !== 'foreign') seal(made);
      fs.writeFileSync(path.join(made, 'run.json'), record);
    }
    const { record, folder } = await run('model.ts');
    assert.equal(record.state, 'finished', JSON.stringify(record.end));
    const [found, expected] = [await lastOf(folder), await lastOf(second.folder)];
    assert.ok(Math.abs(found - expected) < 1e-5, `${found}, expected ${expected}`);
  });

  it('whose base was never trained has it trained first, as a run of its own that the learner hears of', async () => {
    bench.modelFile(spirals({ epochs: 2, samples: 960 }), 'base.ts');
    const model = bench.modelFile(likeTheBase());
    const trainer = await bench.trainer();
    const heard: string[] = [];
    trainer.on('run/activity', ({ text }) => heard.push(text));
    const started = await bench.start(trainer, model, { lesson: 'spirals', overrides: { epochs: 1 } });
    assert.equal((await started.ended()).state, 'finished');
    const { runs } = await listRuns(bench.runs);
    assert.deepEqual(
      runs.map(({ record }) => [record.title, record.state, record.lesson, record.config?.epochs]),
      [
        ['Spirals', 'finished', 'spirals', 2],
        ['On top of ./base.ts', 'finished', 'spirals', 1],
      ],
    );
    assert.ok(heard.includes('Training base.ts first: epoch 1 of 2'), heard.join('; '));
    const base = runs.find(({ record }) => record.title === 'Spirals')!;
    assert.ok(Math.abs((await lastOf(base.folder)) - (await lastOf(started.runFolder))) < 1e-5);
    // The next run takes it as it is.
    await run('model.ts');
    assert.equal((await listRuns(bench.runs)).runs.length, 3);
  });

  it('may have a base that has a base: each is trained once', async () => {
    bench.modelFile(spirals({ epochs: 1 }), 'base.ts');
    bench.modelFile(likeTheBase());
    bench.modelFile(likeTheBase('./model.ts'), 'top.ts');
    const { record, folder } = await run('top.ts');
    assert.equal(record.state, 'finished', JSON.stringify(record.end));
    const { runs } = await listRuns(bench.runs);
    assert.deepEqual(runs.map(({ record: { title } }) => title).sort(), [
      'On top of ./base.ts',
      'On top of ./model.ts',
      'Spirals',
    ]);
    const losses = await Promise.all(runs.map((one) => lastOf(one.folder)));
    assert.ok(Math.max(...losses) - Math.min(...losses) < 1e-5);
    assert.ok(Number.isFinite(await lastOf(folder)));
  });

  it('stops when it is stopped while its base trains', async () => {
    bench.modelFile(spirals({ epochs: 100_000 }), 'base.ts');
    const trainer = await bench.trainer();
    const begun = new Promise<void>((resolve) => {
      trainer.on('run/activity', ({ text }) => {
        if (text.includes('epoch 1')) resolve();
      });
    });
    const started = await bench.start(trainer, bench.modelFile(likeTheBase()));
    await begun;
    const record = await trainer.stopRun(started.id, started.runFolder);
    assert.deepEqual([record.state, record.end?.reason], ['stopped', 'stoppedByUser']);
    const { runs } = await listRuns(bench.runs);
    assert.deepEqual(
      runs.map(({ record: { state } }) => state),
      ['stopped', 'stopped'],
    );
  });

  it('says that the base has changed, where, and what to do', async () => {
    const base = bench.modelFile(spirals({ epochs: 1 }), 'base.ts');
    bench.modelFile(likeTheBase());
    await run('base.ts');
    fs.writeFileSync(base, spirals({ epochs: 1 }).replace('units: 8', 'units: 9'));
    const { record } = await run('model.ts');
    const error = record.end?.error;
    assert.equal(error?.code, 'BASE_CHANGED');
    assert.match(error.message, /newest run of base\.ts do not fit/);
    assert.match(error.expected ?? '', /\[2, 9\]/);
    assert.match(error.found ?? '', /\[2, 8\]/);
    assert.match(error.remedy ?? '', /Run base\.ts again/);
    assert.equal(error.location?.file, base);
  });

  it('fails with the error of its base, and when it is its own base', async () => {
    const base = bench.modelFile(spirals({ optimizer: "(() => { throw new Error('no'); })()" }), 'base.ts');
    bench.modelFile(likeTheBase());
    const failed = await run('model.ts');
    const error = failed.record.end?.error;
    assert.deepEqual([error?.code, error?.location?.file], ['MODEL_THREW', base]);
    bench.modelFile(likeTheBase('./model.ts').replace("from './model'", "from './base'"));
    bench.modelFile(spirals(), 'base.ts');
    const circular = await run('model.ts');
    assert.equal(circular.record.end?.error?.code, 'BASE_MISSING');
    assert.match(circular.record.end.error.remedy ?? '', /Run model\.ts first/);
  });

  it('says what is wrong with the arguments, at their place', async () => {
    bench.modelFile(spirals(), 'base.ts');
    const wrong = likeTheBase().replace("trained(base, './base.ts')", "trained('./base.ts', base)");
    const trainer = await bench.trainer({ role: 'inspection' });
    const { problems } = await trainer.request('model/inspect', { modelFile: bench.modelFile(wrong) });
    assert.equal(problems[0]?.error.code, 'EXPERIMENT_INVALID');
    assert.equal(problems[0].error.location?.line, 7);
    assert.throws(() => trained({ ...fake } as never, './base.ts'), /trained: experiment/);
  });

  it('shows its shapes in the editor although nothing was trained', async () => {
    bench.modelFile(spirals(), 'base.ts');
    const trainer = await bench.trainer({ role: 'inspection' });
    const { layers, problems } = await trainer.request('model/inspect', { modelFile: bench.modelFile(likeTheBase()) });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      layers.filter(({ isModel }) => !isModel).map(({ outputShapes }) => outputShapes[0]),
      [
        [null, 8],
        [null, 8],
        [null, 3],
      ],
    );
    assert.ok(!fs.existsSync(bench.runs), 'no run was made');
  });

  it('leaves no weights behind, also of layers that the learner leaves out', async () => {
    bench.modelFile(spirals(), 'base.ts');
    const text = likeTheBase().replace(
      "trained(base, './base.ts')",
      `{ const whole = trained(base, './base.ts'); trained(base, './base.ts');
        const body = whole.layers[0].output as tf.SymbolicTensor;
        const head = tf.layers.dense({ units: 3, activation: 'softmax' });
        return tf.model({ inputs: whole.inputs, outputs: head.apply(body) as tf.SymbolicTensor }); }`,
    );
    const before = tf.memory().numTensors;
    const loaded = await loadModelFile({ file: bench.modelFile(text) });
    const { learner, optimizer } = new Randomness(1).during(() => build(loaded.experiment));
    assert.ok(tf.memory().numTensors > before + 10);
    learner.dispose();
    optimizer.dispose();
    loaded.release();
    assert.equal(tf.memory().numTensors, before);
  });
});

const fake = { title: 'no experiment' };

describe('a model of which a part is frozen', () => {
  before(useEngine);

  it('trains the rest, compiled as eagerly, and leaves the frozen weights as they are', () => {
    const frozen = experiment({
      title: 'Frozen',
      data: datasets.mnist({ classes: [5, 6, 7], train: 100, test: 100 }),
      model: ({ inputShape, classes }) => {
        const base = tf.sequential({
          layers: [
            tf.layers.conv2d({ inputShape, filters: 4, kernelSize: 3, activation: 'relu' }),
            tf.layers.maxPooling2d({ poolSize: 2 }),
            tf.layers.flatten(),
            tf.layers.dense({ units: 8, activation: 'relu' }),
            tf.layers.dense({ units: 5 }),
          ],
        });
        for (const layer of base.layers.slice(0, 3)) layer.trainable = false;
        const body = base.layers.at(-2)!.output as tf.SymbolicTensor;
        const head = tf.layers.dense({ units: classes }).apply(body) as tf.SymbolicTensor;
        return tf.model({ inputs: base.inputs, outputs: head });
      },
      optimizer: () => tf.train.adam(0.01),
      loss: 'meanSquaredError',
      epochs: 1,
      batchSize: 8,
    });
    const inputs = Array.from({ length: 20 }, (_, i) => tf.randomUniform([8, 28, 28, 1], 0, 1, 'float32', i + 1));
    const targets = Array.from({ length: 20 }, (_, i) => tf.randomUniform([8, 3], 0, 1, 'float32', 50 + i));
    const train = (compile: boolean): { losses: number[]; before: Float32Array[]; after: Float32Array[] } => {
      const { learner, optimizer } = new Randomness(3).during(() => build(frozen));
      const values = (): Float32Array[] => learner.weights.map(({ tensor }) => tensor.dataSync<'float32'>().slice());
      const before = values();
      const states: string[] = [];
      const executor = new Executor(learner, optimizer, { seed: 3, compile }, ({ kind }) => states.push(kind));
      const losses = inputs.map((x, i) => executor.step({ x, y: targets[i]! }, i + 1).values['loss']!);
      executor.sync();
      const after = values();
      if (compile) assert.ok(states.includes('compiled'), states.join());
      executor.dispose();
      learner.dispose();
      optimizer.dispose();
      return { losses, before, after };
    };
    const [compiled, eager] = [train(true), train(false)];
    tf.dispose([inputs, targets]);
    compiled.losses.forEach((loss, i) => {
      assert.ok(Math.abs(loss - eager.losses[i]!) <= 1e-4 * eager.losses[i]!, `step ${i + 1}`);
    });
    assert.ok(compiled.losses.at(-1)! < compiled.losses[0]!);
    for (const { before, after } of [compiled, eager]) {
      // Trainable weights first: two dense layers; then the convolution's.
      assert.deepEqual(
        before.map((values, i) => values.some((value, j) => value !== after[i]![j])),
        [true, true, true, true, false, false],
      );
    }
    compiled.after.forEach((values, tensor) => {
      values.forEach((value, i) => {
        assert.ok(Math.abs(value - eager.after[tensor]![i]!) < 1e-3);
      });
    });
  });
});
