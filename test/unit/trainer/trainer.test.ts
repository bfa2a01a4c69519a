/** The life of a trainer's process: its clients, its idle end, its socket. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { trainerPlace } from '../../../src/client/processes/place';
import { TrainerConnection } from '../../../src/client/processes/connection';
import type { LabError } from '../../../src/protocol/errors';
import { readRun } from '../../../src/runFolder/runs';
import { Bench, Followed, spirals } from './support';

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

    const second = await TrainerConnection.attach(bench.options());
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
    const trainer = await bench.trainer({ project: folder });
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
    assert.equal(error?.code, 'TRAINER_BLOCKED');
    assert.equal(isAlive(pid), false);
  });

  it('ends itself for that also when the folder with its signs of life is gone', async () => {
    const usual = process.env['XDG_RUNTIME_DIR'];
    const runtime = path.join(bench.folder, 'runtime');
    fs.mkdirSync(runtime, { mode: 0o700 });
    process.env['XDG_RUNTIME_DIR'] = runtime;
    try {
      const trainer = await bench.trainer({ blockedSeconds: 4 });
      const { pid } = trainer.hello;
      await bench.start(trainer, bench.modelFile('for (;;) {}\n'));
      fs.rmSync(runtime, { recursive: true });
      while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      if (usual === undefined) delete process.env['XDG_RUNTIME_DIR'];
      else process.env['XDG_RUNTIME_DIR'] = usual;
    }
  });

  it('ends itself when it has neither client nor work', async () => {
    const trainer = await bench.trainer({ idleSeconds: 0.2 });
    const { pid } = trainer.hello;
    trainer.dispose();
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await TrainerConnection.attach(bench.options()), undefined);
  });

  it('serves two clients at once: both follow the same run, and it trains one run at a time', async () => {
    const one = await bench.trainer();
    const two = await TrainerConnection.start(bench.options());
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

  it('comes after whoever types: its process, and on Linux the group that its session is', async () => {
    const { pid } = (await bench.trainer()).hello;
    assert.equal(os.getPriority(pid), os.constants.priority.PRIORITY_BELOW_NORMAL);
    const group = `/proc/${String(pid)}/autogroup`;
    if (!fs.existsSync(group)) return;
    assert.match(fs.readFileSync(group, 'utf8'), / nice 10$/m);
    // A look at a model has a limit in seconds, which it could miss beside a training that comes before it.
    const { hello } = await bench.trainer({ role: 'inspection' });
    assert.match(fs.readFileSync(`/proc/${String(hello.pid)}/autogroup`, 'utf8'), / nice 0$/m);
  });

  it('tells a client of another version that it does not fit', async () => {
    const trainer = await bench.trainer();
    await assert.rejects(
      trainer.request('trainer/hello', { protocol: 999 }),
      (error: LabError) => error.code === 'PROTOCOL_VERSION' && error.data.found === '999',
    );
  });

  it('that cannot load its engine says which step failed', async () => {
    const cache = path.join(bench.folder, 'empty-cache');
    await assert.rejects(
      TrainerConnection.start(bench.options({ engine: 'native', paths: { root: bench.options().paths.root, cache } })),
      (error: LabError) => error.code === 'ENGINE_MISSING' && (error.data.remedy ?? '').includes('npm run engine'),
    );
  });

  it('that cannot load its engine says what prepares one where its client is', async () => {
    const paths = { root: bench.options().paths.root, cache: path.join(bench.folder, 'empty-cache') };
    await assert.rejects(
      TrainerConnection.start(bench.options({ engine: 'native', paths, prepareEngine: 'Some Command' })),
      (error: LabError) => error.data.remedy === 'Run "Some Command" to prepare one.',
    );
  });

  it('lets nobody else reach its socket', async function () {
    if (process.platform === 'win32') this.skip();
    await bench.trainer();
    const [address = ''] = trainerPlace(bench.options()).addresses;
    assert.equal(fs.statSync(path.dirname(address)).mode & 0o777, 0o700);
    assert.equal(fs.statSync(address).mode & 0o077, 0);
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
