/** The trainer is killed at any moment, with one client or two: what was told is on disk, the end is written once, whole. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { settleDeadRun } from '../../src/host/state/settle';
import { createRandom } from '../../src/lab/random';
import { readPoints } from '../../src/runFolder/points';
import { listRuns, readRun } from '../../src/runFolder/runs';
import { root } from '../support/world';
import { sample, seedOfRun } from '../support/sample';
import { eventually } from '../unit/faults/support';
import { Bench, spirals, type Followed } from '../unit/trainer/support';

const checkpoints = (run: Followed): string[] =>
  fs.existsSync(path.join(run.runFolder, 'checkpoints')) ? fs.readdirSync(path.join(run.runFolder, 'checkpoints')) : [];

/** When the kill comes; `chance` is a number of 0 to 1. */
const MOMENTS: Readonly<Record<string, (run: Followed, chance: number) => Promise<void>>> = {
  'as it is made': async () => Promise.resolve(),
  'as it trains': (run, chance) => run.until(() => run.points.length > 1 + chance * 300),
  'as it writes a checkpoint': async (run) => {
    await eventually(() => (checkpoints(run).some((name) => name.endsWith('.tmp')) ? true : undefined), 'a checkpoint');
  },
  'as it is paused': async (run) => {
    await run.until(() => run.record?.state === 'paused');
  },
};

describe('kill -9', function () {
  this.timeout(180_000);
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  // 9 MB of weights, twice that for Adam: a checkpoint takes its time.
  const heavy = spirals({ epochs: 1_000_000, samples: 32, dropout: 0 }).replace(
    'tf.layers.dropout({ rate: 0 }),',
    "tf.layers.dense({ units: 1500, activation: 'relu' }), tf.layers.dense({ units: 1500, activation: 'relu' }),",
  );

  for (const { moment, clients, resumed } of sample({
    moment: Object.keys(MOMENTS),
    clients: [1, 2, 3],
    resumed: [false, true],
  })) {
    const whose = resumed ? 'a resumed run' : 'a run';
    it(`of the trainer of ${whose} ${moment}, found by ${String(clients)}, loses nothing that was told`, async () => {
      const chance = createRandom((seedOfRun() ?? 1) + clients).next();
      const file = bench.modelFile(moment === 'as it writes a checkpoint' ? heavy : spirals({ epochs: 1_000_000 }));
      let trainer = await bench.trainer();
      let run = await bench.start(trainer, file);
      if (resumed) {
        await run.until(() => (run.record?.checkpoints.length ?? 0) > 0);
        await trainer.kill();
        const { checkpoints: kept } = await settleDeadRun(run.runFolder, true);
        trainer = await bench.trainer();
        run = await bench.start(trainer, file, { resumeFrom: { runFolder: run.runFolder, checkpoint: kept.at(-1)! } });
      }
      if (moment === 'as it is paused') {
        await run.until(() => run.points.length > 0);
        await trainer.request('run/pause', { runId: run.id });
      }
      await MOMENTS[moment]!(run, chance);
      process.kill(trainer.hello.pid, 'SIGKILL');
      await trainer.closed;

      const settler = path.join(root, 'dist', 'test', 'settler.js');
      const others = Array.from({ length: clients - 1 }, () =>
        promisify(execFile)(process.execPath, [settler, run.runFolder]),
      );
      const [settled] = await Promise.all([settleDeadRun(run.runFolder, true), ...others]);
      assert.equal(settled.state, 'interrupted');
      const record = await readRun(run.runFolder);
      assert.equal(record.end?.reason, 'trainerDied');
      assert.deepEqual((await listRuns(bench.runs)).unreadable, []);
      assert.deepEqual(
        fs.readdirSync(run.runFolder).filter((name) => name.endsWith('.tmp')),
        [],
        'no drafts are left',
      );
      const points = await readPoints(run.runFolder);
      assert.deepEqual(points.slice(0, run.points.length), run.points);
      for (const name of record.checkpoints) assert.ok(checkpoints(run).includes(name), name);

      const last = record.checkpoints.at(-1);
      const next = await bench.trainer();
      const again =
        last === undefined
          ? await bench.start(next, bench.modelFile(spirals({ epochs: 1 })))
          : await bench.start(next, file, {
              resumeFrom: { runFolder: run.runFolder, checkpoint: last, moreEpochs: 1 },
            });
      assert.equal((await again.ended()).state, 'finished', JSON.stringify(again.record?.end));
    });
  }
});
