/** Bounds on runs: real folders, other processes, and whatever happens to a run meanwhile. */
import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pruneRuns, surplus, type Bounds } from '../../../src/client/runs/bounds';
import { ShownRuns, shownAnywhere } from '../../../src/client/runs/shown';
import { seal } from '../../../src/files/seal';
import { ownIdentity } from '../../../src/processes/identity';
import { pin } from '../../../src/runFolder/pin';
import { deleteRun, foldersIn } from '../../../src/runFolder/runs';
import { sound } from './support';

const CHECKPOINT_BYTES = 10_000;

describe('bounds on runs', () => {
  let folder: string;
  let runs: string;
  let cache: string;

  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lab-bounds-')));
    runs = path.join(folder, 'runs');
    cache = path.join(folder, 'cache');
    fs.mkdirSync(runs);
  });
  afterEach(() => {
    fs.chmodSync(runs, 0o755);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** The day of the month says how old it is. */
  function run(day: number, changes: object = {}, own = true): string {
    const id = `run-${String(day).padStart(2, '0')}`;
    const place = path.join(runs, id);
    fs.mkdirSync(path.join(place, 'checkpoints', 'epoch-0001'), { recursive: true });
    fs.writeFileSync(path.join(place, 'checkpoints', 'epoch-0001', 'weights.bin'), Buffer.alloc(CHECKPOINT_BYTES));
    const createdAt = `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
    const record = { ...sound, id, createdAt, checkpoints: ['epoch-0001'], ...changes };
    fs.writeFileSync(path.join(place, 'run.json'), JSON.stringify(record));
    if (own) seal(place);
    return place;
  }
  const many = (count: number): string[] => Array.from({ length: count }, (_, index) => run(index + 1));
  const left = async (): Promise<string[]> => (await foldersIn(runs)).map((place) => path.basename(place)).sort();
  const names = (days: readonly number[]): string[] => days.map((day) => `run-${String(day).padStart(2, '0')}`);
  const keep = (count: number): Bounds => ({ runs: count, bytes: 0 });

  it('of their number: the oldest go, and what went is told with its size', async () => {
    many(7);
    const { deleted, kept } = await pruneRuns(runs, keep(4), cache);
    assert.deepEqual(
      deleted.map(({ record }) => record.id),
      names([1, 2, 3]),
    );
    for (const { bytes } of deleted) assert.ok(bytes > CHECKPOINT_BYTES && bytes < CHECKPOINT_BYTES + 10_000);
    assert.deepEqual(kept, []);
    assert.deepEqual(await left(), names([4, 5, 6, 7]));
    assert.deepEqual(fs.readdirSync(runs).sort(), names([4, 5, 6, 7]), 'nothing is left of the others');
    assert.deepEqual((await pruneRuns(runs, keep(4), cache)).deleted, []);
  });

  it('of their size: as many go as are needed, and 0 is no bound', async () => {
    many(5);
    assert.deepEqual((await pruneRuns(runs, { runs: 0, bytes: 0 }, cache)).deleted, []);
    const one = (await surplus(runs, { runs: 0, bytes: 1 }, cache)).going[0]?.bytes ?? 0;
    const { deleted } = await pruneRuns(runs, { runs: 0, bytes: 3 * one }, cache);
    assert.deepEqual(
      deleted.map(({ record }) => record.id),
      names([1, 2]),
    );
    assert.deepEqual(await left(), names([3, 4, 5]));
  });

  it('touch none that is pinned, and those do not count', async () => {
    const [first = '', second = ''] = many(5);
    pin(first);
    pin(second);
    assert.deepEqual((await surplus(runs, keep(3), cache)).going, []);
    await pruneRuns(runs, keep(1), cache);
    assert.deepEqual(await left(), names([1, 2, 5]));
  });

  it('touch none that trains, nor the one that it goes on from', async () => {
    run(1, {
      state: 'training',
      end: undefined,
      trainer: { ...ownIdentity(), instance: 'a' },
      resumedFrom: { run: 'run-02', checkpoint: 'epoch-0001' },
    });
    run(2);
    run(3);
    // Its trainer is dead: it has ended like any other.
    run(4, { state: 'training', end: undefined, trainer: { pid: 1, started: 'never', instance: 'b' } });
    run(5);
    const { deleted } = await pruneRuns(runs, keep(1), cache);
    assert.deepEqual(
      deleted.map(({ record }) => record.id),
      names([3, 4, 5]),
    );
    assert.deepEqual(await left(), names([1, 2]));
  });

  it('touch none that came from elsewhere, or cannot be read', async () => {
    run(1, {}, false);
    fs.mkdirSync(path.join(runs, 'broken'));
    fs.writeFileSync(path.join(runs, 'broken', 'run.json'), '{');
    run(2);
    run(3);
    await pruneRuns(runs, keep(1), cache);
    assert.deepEqual(await left(), ['broken', 'run-01', 'run-03']);
  });

  it('leave the newest finished run of each model file, which others begin with', async () => {
    const finished = {
      state: 'finished',
      end: { reason: 'completed', at: sound.createdAt, unattended: false },
    } as const;
    run(1, { ...finished, modelFile: '/lab/base.ts' });
    run(2, { ...finished, modelFile: '/lab/base.ts' });
    run(3, { ...finished, modelFile: '/lab/other.ts', checkpoints: [] });
    run(4, { ...finished, modelFile: '/lab/other.ts' });
    run(5, { modelFile: '/lab/failed.ts' });
    const { going, exceeded } = await surplus(runs, keep(1), cache);
    assert.deepEqual(
      going.map(({ record }) => record.id),
      names([1, 3, 5]),
    );
    assert.equal(exceeded, true, 'what is left is in use');
  });

  it('touch none that a window shows, of this process or another, until that window is gone', async () => {
    const [first = '', second = ''] = many(4);
    const own = new ShownRuns(cache);
    own.set([]);
    own.set([first]);
    const outfile = path.join(folder, 'shown.js');
    await build({
      entryPoints: ['src/client/runs/shown.ts'],
      bundle: true,
      platform: 'node',
      outfile,
      logLevel: 'silent',
    });
    const script = `const { ShownRuns } = require(${JSON.stringify(outfile)});
      new ShownRuns(${JSON.stringify(cache)}).set([${JSON.stringify(second)}]); console.log('set'); setInterval(() => {}, 1000);`;
    const other: ChildProcess = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(other.stdout!, 'data');
      assert.deepEqual([...shownAnywhere(cache)].sort(), [first, second]);
      await pruneRuns(runs, keep(1), cache);
      assert.deepEqual(await left(), names([1, 2]));
    } finally {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
    own.dispose();
    assert.deepEqual([...shownAnywhere(cache)], []);
    assert.deepEqual(fs.readdirSync(path.join(cache, 'windows')), [], 'what a killed window left is gone');
    await pruneRuns(runs, keep(1), cache);
    assert.deepEqual(await left(), names([2]));
  });

  it('hold, and no run too many goes, when two processes prune at once', async () => {
    many(20);
    const outfile = path.join(folder, 'bounds.js');
    await build({
      entryPoints: ['src/client/runs/bounds.ts'],
      bundle: true,
      platform: 'node',
      outfile,
      logLevel: 'silent',
    });
    const script = `require(${JSON.stringify(outfile)}).pruneRuns(...${JSON.stringify([runs, keep(6), cache])}).then(
      ({ deleted }) => console.log(JSON.stringify(deleted.map(({ record }) => record.id))))`;
    const told = await Promise.all(
      [1, 2].map(async () => {
        const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
        let text = '';
        child.stdout.on('data', (part: Buffer) => (text += part.toString()));
        assert.deepEqual(await once(child, 'close'), [0, null]);
        return JSON.parse(text) as string[];
      }),
    );
    assert.deepEqual(
      told.flat().sort(),
      names(Array.from({ length: 14 }, (_, index) => index + 1)),
      'each is told once',
    );
    assert.deepEqual(await left(), names([15, 16, 17, 18, 19, 20]));
  });

  it('take a run that was deleted meanwhile for what it is', async () => {
    const [first = ''] = many(2);
    assert.deepEqual(await Promise.all([deleteRun(first), deleteRun(first)]).then((all) => all.sort()), [false, true]);
    assert.equal(await deleteRun(first), false);
    assert.deepEqual((await pruneRuns(runs, keep(1), cache)).deleted, []);
  });

  it('say what cannot be deleted, leave it whole, and sweep what a killed process left of a deletion', async () => {
    const [first = ''] = many(2);
    fs.mkdirSync(path.join(runs, '.deleted-0123456789ab', 'checkpoints'), { recursive: true });
    assert.equal((await left()).length, 2, 'such a one is no run');
    // As a user to whom the folder of the runs is closed.
    const outfile = path.join(folder, 'runs.js');
    await build({
      entryPoints: ['src/runFolder/runs.ts'],
      bundle: true,
      platform: 'node',
      outfile,
      logLevel: 'silent',
    });
    fs.chmodSync(folder, 0o755);
    fs.chmodSync(runs, 0o555);
    const script = `require(${JSON.stringify(outfile)}).deleteRun(${JSON.stringify(first)}).then(
      () => console.log('deleted'), (error) => console.log(error.code))`;
    const other = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', ...other });
    assert.equal(stdout.trim(), 'RUN_FOLDER_UNWRITABLE');
    assert.ok(fs.existsSync(path.join(first, 'checkpoints', 'epoch-0001', 'weights.bin')));
    fs.chmodSync(runs, 0o755);
    await pruneRuns(runs, keep(1), cache);
    assert.deepEqual(fs.readdirSync(runs), names([2]));
  });
});
