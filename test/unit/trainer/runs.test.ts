/** Whole runs through the client, the socket and the trainer's own process, on the real engine. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { exportCsv, listRuns, readPoints, readRun } from '../../../src/client/runs/store';
import { trainerPlace } from '../../../src/client/trainers/place';
import { Trainer } from '../../../src/client/trainers/trainer';
import type { LabError } from '../../../src/protocol/errors';
import { Bench, Followed, spirals } from './support';

describe('a run', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  it('trains to its end and leaves a folder from which everything can be rebuilt', async () => {
    const trainer = await bench.trainer();
    assert.equal(trainer.hello.engine.kind, 'native');
    const run = await bench.start(trainer, bench.modelFile(spirals()), { lesson: 'spirals' });
    const record = await run.ended();

    assert.equal(record.state, 'finished');
    assert.equal(record.end?.reason, 'completed');
    assert.deepEqual(
      run.epochs().map(({ step, epoch }) => [step, epoch]),
      [
        [3, 1],
        [6, 2],
        [9, 3],
      ],
    );
    assert.equal(run.steps().length, 9);
    assert.deepEqual(Object.keys(run.epochs()[0]!.values), ['loss', 'accuracy', 'val_loss', 'val_accuracy']);
    assert.deepEqual(run.indices, [...run.indices.keys()]);
    assert.deepEqual(await readPoints(run.runFolder), run.points);
    assert.deepEqual(await readRun(run.runFolder), record);
    assert.deepEqual(record.checkpoints, ['epoch-0001', 'epoch-0002', 'epoch-0003']);
    assert.equal(fs.readFileSync(path.join(run.runFolder, 'model.ts'), 'utf8'), spirals());
    assert.deepEqual([...new Set(run.inspections.map(({ kind }) => kind))].sort(), [
      'confusionMatrix',
      'decisionBoundary',
      'dropoutMasks',
    ]);
    assert.equal(record.config?.parameters, 2 * 8 + 8 + 8 * 3 + 3);

    const late = new Followed(undefined, run.runFolder, run.id);
    await late.ready;
    assert.deepEqual(late.points, run.points);
  });

  it('is the same for the same seed, dropout included, and another for another seed', async () => {
    const trainer = await bench.trainer();
    const curve = async (seed: number): Promise<unknown> => {
      const run = await bench.start(trainer, bench.modelFile(spirals({ seed, epochs: 2 })));
      await run.ended();
      return run.points.map(({ values }) => values);
    };
    const first = await curve(1);
    assert.deepEqual(await curve(1), first);
    assert.notDeepEqual(await curve(2), first);
  });

  for (const optimizer of [
    'sgd(0.1)',
    'momentum(0.05, 0.9)',
    'adagrad(0.1)',
    'adadelta(1)',
    'adam(0.01)',
    'adamax(0.01)',
    'rmsprop(0.01)',
  ]) {
    it(`resumed from a checkpoint continues the same curve (${optimizer})`, async () => {
      const trainer = await bench.trainer();
      const file = bench.modelFile(spirals({ epochs: 4, optimizer: `tf.train.${optimizer}` }));
      for (const compile of [false, true]) {
        const whole = await bench.start(trainer, file, { overrides: { compile } });
        const { execution } = await whole.ended();
        assert.equal(execution?.mode, compile ? 'compiled' : 'eager', JSON.stringify(execution));
        const resumed = await bench.start(trainer, file, {
          resumeFrom: { runFolder: whole.runFolder, checkpoint: 'epoch-0002' },
          overrides: { compile },
        });
        const record = await resumed.ended();
        assert.equal(record.state, 'finished', JSON.stringify(record.end));
        const positions = (run: Followed): unknown =>
          run.points.map(({ kind, step, epoch }) => ({ kind, step, epoch }));
        assert.deepEqual(positions(resumed), positions(whole));
        whole.points.forEach(({ values }, index) => {
          for (const [name, value] of Object.entries(values)) {
            const found = resumed.points[index]!.values[name]!;
            // Eagerly the same to the last bit. A resumed compiled run takes its first steps eagerly: other rounding.
            const allowed = compile ? 1e-4 * Math.abs(value) : 0;
            assert.ok(Math.abs(found - value) <= allowed, `point ${index}, ${name}: ${found} and ${value}`);
          }
        });
      }
    });
  }

  it('resumed with another model is refused, naming the tensor', async () => {
    const trainer = await bench.trainer();
    const first = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1 })));
    await first.ended();
    const other = bench.modelFile(spirals().replace('units: 8', 'units: 9'));
    const run = await bench.start(trainer, other, {
      resumeFrom: { runFolder: first.runFolder, checkpoint: 'epoch-0001' },
    });
    const { end } = await run.ended();
    assert.equal(end?.error?.code, 'CHECKPOINT_INVALID');
    assert.match(end.error.expected ?? '', /first\/kernel.*\[2, 9\]/);
    assert.match(end.error.found ?? '', /\[2, 8\]/);
  });

  it('pauses between steps, takes single steps, changes its learning rate, resumes and stops', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 100_000 })));
    const { id: runId } = run;
    await run.until(() => run.points.length > 3);
    await trainer.request('run/pause', { runId });
    await run.until(() => run.record?.state === 'paused');
    const before = run.record!.progress.step;

    const stepped = await trainer.request('run/step', { runId });
    assert.equal(stepped.progress.step, before + 1);
    await trainer.request('run/setLearningRate', { runId, learningRate: 0.5 });
    await trainer.request('run/step', { runId });
    await run.until(() => run.steps().at(-1)!.step === before + 2);
    assert.equal(run.steps().at(-2)!.learningRate, 0.01);
    assert.equal(run.steps().at(-1)!.learningRate, 0.5);
    assert.equal(run.record?.state, 'paused');

    await trainer.request('run/resume', { runId });
    await run.until(() => run.steps().at(-1)!.step > before + 4);
    const record = await trainer.stopRun(runId, run.runFolder);
    assert.equal(record.state, 'stopped');
    assert.equal(record.end?.reason, 'stoppedByUser');
    await run.ended();
    assert.equal((await readPoints(run.runFolder)).length, run.points.length);
  });

  it('refuses a learning rate that is none', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 100_000 })));
    for (const learningRate of [0, -1]) {
      await assert.rejects(
        trainer.request('run/setLearningRate', { runId: run.id, learningRate }),
        (error: LabError) => error.code === 'EXPERIMENT_INVALID',
      );
    }
    await trainer.stopRun(run.id, run.runFolder);
  });

  it('ends at its target, or when val_loss has not fallen for a while', async () => {
    const trainer = await bench.trainer();
    const target = await bench.start(
      trainer,
      bench.modelFile(spirals({ epochs: 500, extra: "stopWhen: { target: { metric: 'loss', atMost: 1.05 } }," })),
    );
    const reached = await target.ended();
    assert.equal(reached.end?.reason, 'targetReached');
    assert.ok(target.epochs().at(-1)!.values['loss']! <= 1.05);
    assert.ok(
      target
        .epochs()
        .slice(0, -1)
        .every(({ values }) => values['loss']! > 1.05),
    );

    const stale = await bench.start(
      trainer,
      bench.modelFile(spirals({ epochs: 500, optimizer: 'tf.train.sgd(1e-30)', extra: 'stopWhen: { patience: 2 },' })),
    );
    const ended = await stale.ended();
    assert.equal(ended.end?.reason, 'noImprovement');
    assert.equal(stale.epochs().length, 3);
  });

  it('says at which step the loss became non-finite, where it first appeared, and why it may be', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(
      trainer,
      bench.modelFile(spirals({ epochs: 50, optimizer: 'tf.train.sgd(1e39)', dropout: 0 })),
    );
    const { state, end } = await run.ended();
    assert.equal(state, 'failed');
    assert.equal(end?.error?.code, 'NON_FINITE_LOSS');
    assert.match(end.error.message, /step \d+.*"(first|last)"/);
    assert.match(end.error.remedy ?? '', /learning rate.*1e\+39/);
    assert.equal(end.error.location?.file, path.join(bench.folder, 'model.ts'));
    assert.ok(run.points.every(({ values }) => Number.isFinite(values['loss'])));
  });

  it('writes event files that TensorBoard reads, with the tags of Keras', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 2 })));
    await run.ended();
    const output = path.join(bench.folder, 'tensorboard');
    await trainer.request('runs/exportTensorBoard', { runFolder: run.runFolder, outputDirectory: output });
    const read = (split: string): string => {
      const [name] = fs.readdirSync(path.join(output, split));
      assert.match(name ?? '', /tfevents/);
      return records(fs.readFileSync(path.join(output, split, name!)))
        .map((bytes) => bytes.toString('latin1'))
        .join('\n');
    };
    const train = read('train');
    for (const tag of ['batch_loss', 'batch_accuracy', 'epoch_loss', 'epoch_accuracy'])
      assert.ok(train.includes(tag), tag);
    assert.equal(train.split('batch_loss').length - 1, run.steps().length);
    assert.equal(read('validation').split('epoch_accuracy').length - 1, 2);
  });

  it('exports every point as a row of CSV', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1 })));
    await run.ended();
    const file = path.join(bench.folder, 'run.csv');
    await exportCsv(run.runFolder, file);
    const [header, ...rows] = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
    assert.equal(header, 'kind,step,epoch,time,learning_rate,loss,accuracy,val_loss,val_accuracy');
    assert.equal(rows.length, run.points.length);
    assert.equal(Number(rows.at(-1)!.split(',')[7]), run.epochs()[0]!.values['val_loss']);
  });

  it('keeps its newest checkpoints and the best one, and no others', async () => {
    const trainer = await bench.trainer();
    // The first epoch stays the best: after it the rate is far too high.
    const run = await bench.start(
      trainer,
      bench.modelFile(spirals({ epochs: 14, optimizer: 'tf.train.sgd(50)', dropout: 0 })),
    );
    const { checkpoints } = await run.ended();
    const losses = run.epochs().map(({ values }) => values['val_loss']!);
    const best = `epoch-${String(losses.indexOf(Math.min(...losses)) + 1).padStart(4, '0')}`;
    const newest = Array.from({ length: 10 }, (_, index) => `epoch-${String(index + 5).padStart(4, '0')}`);
    assert.deepEqual(checkpoints, [...new Set([best, ...newest])].sort());
    assert.deepEqual(fs.readdirSync(path.join(run.runFolder, 'checkpoints')).sort(), checkpoints);
  });

  it('whose folder is deleted ends, and does not bring it back', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 100_000 })));
    await run.until(() => run.epochs().length > 0);
    fs.rmSync(run.runFolder, { recursive: true });
    const { state, end } = await run.ended();
    assert.equal(state, 'failed');
    assert.equal(end?.error?.code, 'RUN_FOLDER_UNWRITABLE');
    assert.equal(fs.existsSync(run.runFolder), false);
  });

  it('of a broken model file is a failed run with the place in the source, and hides no other run', async () => {
    const trainer = await bench.trainer();
    const broken = await bench.start(trainer, bench.modelFile('export default 1 +;\n'));
    const { end } = await broken.ended();
    assert.equal(end?.error?.code, 'MODEL_SYNTAX');
    assert.equal(end.error.location?.line, 1);
    const fine = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1 })));
    await fine.ended();
    fs.writeFileSync(path.join(fine.runFolder, '..', 'README'), 'not a run');
    const { runs, problems } = await listRuns(bench.runs);
    assert.deepEqual(runs.map(({ record }) => record.state).sort(), ['failed', 'finished']);
    assert.equal(problems.length, 1);
  });
});

describe('a trainer', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  it('trains on when its client leaves, and gives a later client every point exactly once', async () => {
    const first = await bench.trainer();
    const early = await bench.start(first, bench.modelFile(spirals({ epochs: 150 })));
    await early.until(() => early.points.length > 5);
    early.dispose();
    first.dispose();

    const second = await Trainer.attach(bench.options());
    assert.ok(second !== undefined);
    assert.equal(second.hello.instance, first.hello.instance);
    assert.equal(second.hello.run?.id, early.id);
    const late = new Followed(second, early.runFolder, early.id);
    const record = await late.ended();
    assert.equal(record.state, 'finished');
    assert.deepEqual(late.indices, [...late.indices.keys()]);
    assert.equal(late.steps().length, record.progress.totalSteps);
    second.dispose();
  });

  it('stops an abandoned run when asked to, after the grace time', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1_000_000 })), {
      abandon: { action: 'stop', graceSeconds: 0.3 },
    });
    await run.until(() => run.points.length > 0);
    trainer.dispose();
    let record = await readRun(run.runFolder);
    while (record.end === undefined) record = await readRun(run.runFolder);
    assert.equal(record.end.reason, 'abandoned');
    assert.equal(record.end.unattended, true);
    assert.equal(record.state, 'stopped');
  });

  it('stops a paused run that nobody is attached to any more, and keeps its checkpoints', async () => {
    const trainer = await bench.trainer({ idleSeconds: 0.05 });
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 100_000 })));
    await run.until(() => run.epochs().length > 0);
    await trainer.request('run/pause', { runId: run.id });
    await run.until(() => run.record?.state === 'paused');
    trainer.dispose();
    let record = await readRun(run.runFolder);
    while (record.end === undefined) record = await readRun(run.runFolder);
    assert.equal(record.end.reason, 'abandoned');
    assert.ok(record.checkpoints.length > 0);
  });

  it('runs a model file in a folder that was deleted and made again meanwhile', async () => {
    const folder = path.join(bench.folder, 'lesson');
    fs.mkdirSync(folder);
    const trainer = await bench.trainer({ key: folder });
    fs.rmSync(folder, { recursive: true });
    const gone = await bench.start(trainer, path.join(folder, 'model.ts'));
    assert.equal((await gone.ended()).end?.error?.code, 'MODEL_FILE_MISSING');
    fs.mkdirSync(folder);
    const back = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1 }), path.join('lesson', 'model.ts')));
    assert.equal((await back.ended()).state, 'finished');
  });

  it('ends itself when a model file blocks it for too long, whether or not anybody is there', async () => {
    const trainer = await bench.trainer({ blockedSeconds: 2 });
    const { pid } = trainer.hello;
    await bench.start(trainer, bench.modelFile('for (;;) {}\n'));
    const { error } = await trainer.closed;
    assert.equal(error?.code, 'TRAINER_UNRESPONSIVE');
    assert.equal(isAlive(pid), false);
  });

  it('ends itself when it has neither client nor work', async () => {
    const trainer = await bench.trainer({ idleSeconds: 0.2 });
    const { pid } = trainer.hello;
    trainer.dispose();
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await Trainer.attach(bench.options()), undefined);
  });

  it('serves two clients at once: both follow the same run, and it trains one run at a time', async () => {
    const one = await bench.trainer();
    const two = await Trainer.start(bench.options());
    assert.equal(two.hello.pid, one.hello.pid);
    const run = await bench.start(one, bench.modelFile(spirals({ epochs: 100_000 })));
    const other = new Followed(two, run.runFolder, run.id);
    await other.until(() => other.points.length > 10);
    await assert.rejects(
      bench.start(two, bench.modelFile(spirals())),
      (error: LabError) => error.code === 'TRAINER_BUSY',
    );
    await assert.rejects(two.request('trainer/shutdown', {}), (error: LabError) => error.code === 'TRAINER_BUSY');
    await two.request('run/stop', { runId: run.id });
    await Promise.all([run.ended(), other.ended()]);
    assert.equal(other.points.length, run.points.length);
    two.dispose();
  });

  it('tells a client of another version that it does not fit', async () => {
    const trainer = await bench.trainer();
    await assert.rejects(
      trainer.request('trainer/hello', { protocol: 999, client: { name: 'test', pid: process.pid } }),
      (error: LabError) => error.code === 'PROTOCOL_VERSION' && error.data.found === '999',
    );
  });

  it('that cannot load its engine says which step failed', async () => {
    const cache = path.join(bench.folder, 'empty-cache');
    await assert.rejects(
      Trainer.start(bench.options({ paths: { root: bench.options().paths.root, cache } })),
      (error: LabError) => error.code === 'ENGINE_MISSING' && (error.data.remedy ?? '').includes('npm run engine'),
    );
  });

  it('lets nobody else reach its socket', async function () {
    if (process.platform === 'win32') this.skip();
    const trainer = await bench.trainer();
    assert.equal(fs.statSync(path.dirname(trainer.logFile)).mode & 0o777, 0o700);
    assert.equal(fs.statSync(trainerPlace({ key: bench.folder }).socket).mode & 0o077, 0);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The payloads of a TFRecord file: length (uint64), its checksum, payload, its checksum. */
function records(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    found.push(file.subarray(at + 12, at + 12 + length));
    at += 12 + length + 4;
  }
  return found;
}
