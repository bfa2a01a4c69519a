/** A disk that is full or cannot be written ends a run with a clear error, and never a torn record. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { LabError } from '../../../src/protocol/errors';
import { ACTIVE_STATES } from '../../../src/protocol/run';
import { readPoints } from '../../../src/runFolder/points';
import { readRun } from '../../../src/runFolder/runs';
import { Bench, spirals } from '../trainer/support';
import { SmallDisk } from './support';

describe('a full disk', () => {
  let bench: Bench;
  let disk: SmallDisk | undefined;
  beforeEach(() => (bench = new Bench()));
  afterEach(async () => {
    await bench.dispose();
    disk?.unmount();
    disk = undefined;
  });

  const small = (context: Mocha.Context, kibibytes: number): SmallDisk => {
    disk = SmallDisk.mount(kibibytes);
    if (disk === undefined) {
      console.log('      (a small file system can be mounted by root on Linux only)');
      context.skip();
    }
    return disk;
  };

  it('during training ends the run as failed, says that the disk is full, and keeps every whole point', async function () {
    const { folder } = small(this, 2048);
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1_000_000 })), {
      runsDirectory: path.join(folder, 'runs'),
    });
    await run.until(() => run.points.length > 10);
    disk!.fill();
    const record = await run.ended();
    assert.equal(record.state, 'failed');
    assert.equal(record.end?.error?.code, 'RUN_FOLDER_UNWRITABLE');
    assert.match(record.end.error.message, /disk is full/);
    assert.match(record.end.error.remedy ?? '', /space/);
    const points = await readPoints(run.runFolder);
    assert.deepEqual(points, run.points.slice(0, points.length));
    assert.ok(points.length > 10);

    assert.equal((await readRun(run.runFolder)).state, 'failed', 'said on disk too');

    // The trainer is well: with space again the next run trains.
    disk!.free();
    const next = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1 })), {
      runsDirectory: path.join(folder, 'runs'),
    });
    assert.equal((await next.ended()).state, 'finished');
  });

  it('during checkpoint writing fails the run, lists no torn checkpoint and gives the space back', async function () {
    const { folder } = small(this, 8192);
    const trainer = await bench.trainer();
    // About 6 MB a checkpoint with Adam's moments: the second one does not fit.
    const text = spirals({ epochs: 5, samples: 32 }).replaceAll('units: 8', 'units: 80_000');
    const run = await bench.start(trainer, bench.modelFile(text), { runsDirectory: path.join(folder, 'runs') });
    const record = await run.ended();
    assert.equal(record.state, 'failed');
    assert.equal(record.end?.error?.code, 'RUN_FOLDER_UNWRITABLE');
    assert.match(record.end.error.message, /disk is full/);
    assert.deepEqual(record.checkpoints, ['epoch-0001']);
    assert.deepEqual(fs.readdirSync(path.join(run.runFolder, 'checkpoints')), ['epoch-0001']);
    assert.deepEqual(await readRun(run.runFolder), record);
  });

  it('before the run refuses it', async function () {
    const { folder } = small(this, 64);
    disk!.fill();
    const trainer = await bench.trainer();
    const error = await bench
      .start(trainer, bench.modelFile(spirals()), { runsDirectory: path.join(folder, 'runs') })
      .then(() => undefined)
      .catch((thrown: unknown) => thrown);
    assert.ok(error instanceof LabError);
    assert.equal(error.code, 'RUN_FOLDER_UNWRITABLE');
  });

  it('that has room for folders and for no record refuses the run, and no broken run is left', async function () {
    const { folder } = small(this, 64);
    const runs = path.join(folder, 'runs');
    fs.mkdirSync(runs);
    const trainer = await bench.trainer();
    const file = bench.modelFile(spirals({ epochs: 1 }));
    for (let free = 0; free <= 32; free += 4) {
      disk!.fill(free);
      const started = await bench.start(trainer, file, { runsDirectory: runs }).catch((thrown: unknown) => thrown);
      if (started instanceof Error) {
        assert.ok(started instanceof LabError && started.code === 'RUN_FOLDER_UNWRITABLE', String(started));
        assert.deepEqual(fs.readdirSync(runs), [], `${String(free)} KiB free`);
      } else {
        const { state, end } = await (started as Awaited<ReturnType<typeof bench.start>>).ended();
        assert.ok(state === 'finished' || end?.error?.remedy !== undefined, JSON.stringify(end));
        for (const name of fs.readdirSync(runs)) {
          const run = path.join(runs, name);
          assert.ok(!ACTIVE_STATES.has((await readRun(run)).state));
          assert.deepEqual(leftovers(run), []);
          fs.rmSync(run, { recursive: true });
        }
      }
      disk!.free();
    }
  });
});

const leftovers = (folder: string): string[] =>
  (fs.readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith('.tmp'));

describe('a folder that cannot be written', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  it('any more, half-way through a run, fails the run', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1_000_000 })));
    await run.until(() => run.points.length > 10);
    fs.renameSync(path.join(run.runFolder, 'checkpoints'), path.join(bench.folder, 'moved'));
    fs.writeFileSync(path.join(run.runFolder, 'checkpoints'), '');
    const record = await run.ended();
    assert.equal(record.state, 'failed');
    assert.equal(record.end?.error?.code, 'RUN_FOLDER_UNWRITABLE');
    assert.match(record.end.error.found ?? '', /ENOTDIR|EEXIST/);
    assert.deepEqual(await readRun(run.runFolder), record);
  });

  it('refuses the run before it begins, naming the folder', async () => {
    const trainer = await bench.trainer();
    const file = path.join(bench.folder, 'file');
    fs.writeFileSync(file, '');
    await assert.rejects(
      bench.start(trainer, bench.modelFile(spirals()), { runsDirectory: path.join(file, 'runs') }),
      (error: LabError) =>
        error.code === 'RUN_FOLDER_UNWRITABLE' &&
        (error.data.found ?? '').includes(file) &&
        error.data.remedy !== undefined,
    );
    const fine = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1 })));
    assert.equal((await fine.ended()).state, 'finished');
  });
});
