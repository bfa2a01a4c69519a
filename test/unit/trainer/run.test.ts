/** Whole runs through the client, the socket and the trainer's own process, on the real engine. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { LabError } from '../../../src/protocol/errors';
import { readPoints } from '../../../src/runFolder/points';
import { listRuns, readRun } from '../../../src/runFolder/runs';
import { Run } from '../../../src/trainer/runs/run';
import { eventually } from '../../support/wait';
import { sample } from '../../support/sample';
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
    assert.deepEqual([...new Set(run.pictures.map(({ kind }) => kind))].sort(), [
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

  const optimizers = [
    'sgd(0.1)',
    'momentum(0.05, 0.9)',
    'adagrad(0.1)',
    'adadelta(1)',
    'adam(0.01)',
    'adamax(0.01)',
    'rmsprop(0.01)',
  ];
  for (const { optimizer, mode } of sample({ optimizer: optimizers, mode: ['eager', 'compiled'] as const })) {
    it(`resumed from a checkpoint continues the same curve (${optimizer}, ${mode})`, async () => {
      const trainer = await bench.trainer();
      const file = bench.modelFile(spirals({ epochs: 4, optimizer: `tf.train.${optimizer}` }));
      const overrides = { compile: mode === 'compiled' };
      const whole = await bench.start(trainer, file, { overrides });
      const { execution } = await whole.ended();
      assert.equal(execution?.mode, mode, JSON.stringify(execution));
      const resumeFrom = { runFolder: whole.runFolder, checkpoint: 'epoch-0002' };
      const resumed = await bench.start(trainer, file, { resumeFrom, overrides });
      const record = await resumed.ended();
      assert.equal(record.state, 'finished', JSON.stringify(record.end));
      const positions = (run: Followed): unknown => run.points.map(({ kind, step, epoch }) => ({ kind, step, epoch }));
      assert.deepEqual(positions(resumed), positions(whole));
      whole.points.forEach(({ values }, index) => {
        for (const [name, value] of Object.entries(values)) {
          const found = resumed.points[index]!.values[name]!;
          // Eagerly the same to the last bit. A resumed compiled run takes its first steps eagerly: other rounding.
          const allowed = mode === 'compiled' ? 1e-4 * Math.abs(value) : 0;
          assert.ok(Math.abs(found - value) <= allowed, `point ${index}, ${name}: ${found} and ${value}`);
        }
      });
    });
  }

  it('that is complete goes on for as many epochs as one asks for, and for none is refused', async () => {
    const trainer = await bench.trainer();
    const file = bench.modelFile(spirals({ epochs: 2 }));
    const first = await bench.start(trainer, file);
    await first.ended();
    const last = { runFolder: first.runFolder, checkpoint: 'epoch-0002' };
    const refused = await (await bench.start(trainer, file, { resumeFrom: last })).ended();
    assert.equal(refused.state, 'failed');
    assert.equal(refused.end?.error?.code, 'CHECKPOINT_COMPLETE');
    assert.match(refused.end.error.remedy ?? '', /more epochs/);

    const more = await bench.start(trainer, file, { resumeFrom: { ...last, moreEpochs: 3 } });
    const record = await more.ended();
    assert.equal(record.state, 'finished', JSON.stringify(record.end));
    assert.equal(record.config?.epochs, 5);
    assert.deepEqual(
      more.epochs().map(({ epoch }) => epoch),
      [1, 2, 3, 4, 5],
    );
    assert.deepEqual(more.points.slice(0, first.points.length), first.points);
    assert.equal(record.progress.totalSteps, (5 / 2) * first.steps().length);
  });

  it('resumed twice at once is one run, and one that is called off while the curve is copied leaves nothing', async () => {
    const trainer = await bench.trainer();
    const file = bench.modelFile(spirals({ epochs: 2 }));
    const first = await bench.start(trainer, file);
    await first.ended();
    const request = {
      modelFile: file,
      runsDirectory: bench.runs,
      abandon: { action: 'continue', graceSeconds: 30 },
      resumeFrom: { runFolder: first.runFolder, checkpoint: 'epoch-0001' },
    } as const;
    const before = fs.readdirSync(bench.runs);
    const calling = new AbortController();
    const environment = {
      engine: { kind: 'native', package: '', version: '', reason: '' },
      trainer: { pid: process.pid, instance: '' },
      dataDirectories: [],
      cacheDirectory: '',
      memoryLimitMB: Infinity,
      isAttended: () => true,
    } as const;
    const nobody = { changed: () => 0, points: () => 0, picture: () => 0, activity: () => 0 };
    const beginning = Run.begin(request, environment, nobody, { signal: calling.signal });
    assert.equal(fs.readdirSync(bench.runs).length, before.length + 1);
    calling.abort(new Error('called off'));
    await assert.rejects(beginning, { message: 'called off' });
    assert.deepEqual(fs.readdirSync(bench.runs), before);

    const both = await Promise.allSettled([1, 2].map(() => trainer.request('run/start', request)));
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const refused = both.find((one) => one.status === 'rejected');
    assert.equal((refused?.reason as LabError).code, 'TRAINER_BUSY');
    assert.equal(fs.readdirSync(bench.runs).length, before.length + 1);
  });

  it('resumed with another model is refused, naming the tensor', async () => {
    const trainer = await bench.trainer();
    const first = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1 })));
    await first.ended();
    const other = bench.modelFile(spirals().replace('units: 8', 'units: 9'));
    const run = await bench.start(trainer, other, {
      resumeFrom: { runFolder: first.runFolder, checkpoint: 'epoch-0001' },
    });
    const { end } = await run.ended();
    assert.equal(end?.error?.code, 'CHECKPOINT_OTHER_MODEL');
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

  it('leaves no timer behind when it stops: a terminal program ends with its run', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 100_000 })));
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    await run.until(() => run.points.length > 3);
    const before = timers();
    await trainer.stopRun(run.id, run.runFolder, 3_600);
    await eventually(() => (timers() <= before ? true : undefined), 'the end of the grace time');
  });

  it('refuses a learning rate that is none', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 100_000 })));
    for (const learningRate of [0, -1]) {
      await assert.rejects(
        trainer.request('run/setLearningRate', { runId: run.id, learningRate }),
        (error: LabError) => error.code === 'LEARNING_RATE_INVALID',
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

  it('of a broken model file is a failed run with the place in the source, and hides no other run', async () => {
    const trainer = await bench.trainer();
    const broken = await bench.start(trainer, bench.modelFile('export default 1 +;\n'));
    const { end } = await broken.ended();
    assert.equal(end?.error?.code, 'MODEL_SYNTAX');
    assert.equal(end.error.location?.line, 1);
    const fine = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1 })));
    await fine.ended();
    const damaged = path.join(fine.runFolder, '..', 'damaged');
    fs.mkdirSync(damaged);
    fs.writeFileSync(path.join(damaged, 'run.json'), '{');
    const { runs, unreadable } = await listRuns(bench.runs);
    assert.deepEqual(runs.map(({ record }) => record.state).sort(), ['failed', 'finished']);
    assert.equal(unreadable.length, 1);
  });
});
