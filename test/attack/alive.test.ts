/** A trainer that lives is found, whatever is taken from it; one that does not answer can be ended; no other is touched. */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { train, type TrainingResult } from '../../src/cli/lesson/train';
import { StopRequests } from '../../src/cli/stop';
import { watchRuns } from '../../src/cli/start/watchRuns';
import { TrainerConnection } from '../../src/client/processes/connection';
import { trainerAt, trainerPlace } from '../../src/client/processes/place';
import { endTrainer, endUnresponsive } from '../../src/client/processes/unresponsive';
import { endProcess, identityOf, isAlive } from '../../src/processes/identity';
import type { LabError } from '../../src/protocol/errors';
import { listRuns, readRun } from '../../src/runFolder/runs';
import { some } from '../support/sample';
import { eventually, SmallDisk } from '../unit/faults/support';
import { Bench, Followed, spirals } from '../unit/trainer/support';
import { freeze, thaw, withEnvironment } from './support';

const isCode =
  (code: string) =>
  (error: LabError): boolean =>
    error.code === code;

describe('a trainer that lives', function () {
  this.timeout(180_000);
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  const endless = async (trainer: TrainerConnection): Promise<Followed> => {
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1_000_000 })));
    await run.until(() => run.points.length > 5);
    return run;
  };

  const TAKEN: Readonly<Record<string, (runtime: string, lock: string) => void>> = {
    'its socket was removed': (runtime) => {
      for (const folder of fs.readdirSync(runtime))
        for (const file of fs.readdirSync(path.join(runtime, folder))) fs.rmSync(path.join(runtime, folder, file));
    },
    'its runtime folder was removed, as a logout does': (runtime) => {
      fs.rmSync(runtime, { recursive: true });
    },
    'its runtime folder was removed and cannot be made again': (runtime) => {
      fs.rmSync(runtime, { recursive: true });
      fs.writeFileSync(runtime, '');
    },
    'its lock was removed': (_, lock) => {
      fs.rmSync(lock);
    },
    'its socket and its lock were removed': (runtime, lock) => {
      fs.rmSync(lock);
      fs.rmSync(runtime, { recursive: true });
    },
  };
  for (const what of some(Object.keys(TAKEN), 2)) {
    it(`is found and stopped after ${what}; there is never a second one`, async () => {
      const runtime = path.join(bench.folder, 'run');
      fs.mkdirSync(runtime, { mode: 0o700 });
      await withEnvironment({ XDG_RUNTIME_DIR: runtime }, async () => {
        const first = await bench.trainer();
        const run = await endless(first);
        first.dispose();
        const { lockFile } = trainerPlace(bench.options());
        TAKEN[what]!(runtime, lockFile);
        assert.equal((await readRun(run.runFolder)).state, 'training');
        const second = await eventuallyAttached(bench, lockFile);
        assert.equal(second.hello.instance, first.hello.instance);
        assert.equal((await bench.trainer()).hello.pid, first.hello.pid);
        const stopped = await second.stopRun(run.id, run.runFolder, 60);
        assert.equal(stopped.end?.reason, 'stoppedByUser');
        second.dispose();
      });
    });
  }

  it('is no dead one while it is stopped, however long, and npm start follows its run', async () => {
    const trainer = await bench.trainer();
    const run = await endless(trainer);
    freeze(trainer);
    // A day passes for whoever goes by the times of files.
    const before = new Date(Date.now() - 24 * 3_600_000);
    const own = path.basename(trainerPlace(bench.options()).lockFile, '.lock');
    for (const folder of [run.runFolder, path.join(bench.options().paths.cache, 'trainers')])
      for (const name of fs.readdirSync(folder)) {
        const file = path.join(folder, name);
        if (folder === run.runFolder || name.startsWith(own)) fs.utimesSync(file, before, before);
      }
    assert.equal((await readRun(run.runFolder)).state, 'training');
    const screen = { isTTY: false, text: '', write: (text: string): unknown => (screen.text += text) };
    const controller = new AbortController();
    const watching = watchRuns(bench.runs, screen, controller.signal, 20);
    await eventually(() => (screen.text.includes('Training') ? true : undefined), 'npm start sees it');
    thaw(trainer);
    await trainer.stopRun(run.id, run.runFolder, 60);
    await eventually(() => (/stopped/i.test(screen.text) ? true : undefined), 'npm start says how it ended');
    controller.abort();
    await watching;
    assert.equal((await readRun(run.runFolder)).end?.reason, 'stoppedByUser');
  });
});

describe('a trainer that does not answer', function () {
  this.timeout(180_000);
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  it('is ended by npm run lesson with the consent of the user alone, and the lesson is trained', async () => {
    const trainer = await bench.trainer();
    const stuck = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1_000_000 })));
    await stuck.until(() => stuck.points.length > 0);
    freeze(trainer);
    const nothing = (): void => undefined;
    const report = {
      ...{ activity: nothing, record: nothing, points: nothing, picture: nothing },
      ...{ output: nothing, notice: nothing, summary: nothing },
    };
    const lesson = (agreed: boolean): Promise<TrainingResult> =>
      train(
        {
          ...{ paths: bench.options().paths, modelFile: bench.modelFile(spirals({ epochs: 1 })), locale: 'en' },
          ...{ runsDirectory: bench.runs, overrides: {}, engine: 'auto', answerSeconds: 0.5 },
          consent: () => Promise.resolve(agreed),
        },
        report,
        new StopRequests(new EventEmitter()),
      );
    await assert.rejects(lesson(false), isCode('TRAINER_UNRESPONSIVE'));
    assert.equal(isAlive(trainer.hello), true);
    assert.equal((await lesson(true)).record.state, 'finished');
    assert.equal((await readRun(stuck.runFolder)).end?.reason, 'killed');
  });

  it('is said to be so in a bounded time, with its process, and can be ended with its run, or without one', async () => {
    for (const epochs of [0, 1_000_000]) {
      const trainer = await bench.trainer();
      const run = epochs === 0 ? undefined : await bench.start(trainer, bench.modelFile(spirals({ epochs })));
      await run?.until(() => run.points.length > 0);
      freeze(trainer);
      await assert.rejects(
        TrainerConnection.attach(bench.options({ answerSeconds: 0.5 })),
        ({ code, data }: LabError) =>
          code === 'TRAINER_UNRESPONSIVE' && (data.found ?? '').includes(String(trainer.hello.pid)),
      );
      await assert.rejects(
        TrainerConnection.start(bench.options({ answerSeconds: 0.5 })),
        isCode('TRAINER_UNRESPONSIVE'),
      );
      await endTrainer(bench.options(), bench.runs);
      assert.equal(isAlive(trainer.hello), false);
      if (run !== undefined) assert.equal((await readRun(run.runFolder)).end?.reason, 'killed');
      const next = await bench.start(await bench.trainer(), bench.modelFile(spirals({ epochs: 1 })));
      assert.equal((await next.ended()).state, 'finished');
    }
  });

  it('does not start later what was called off meanwhile', async () => {
    const trainer = await bench.trainer();
    const modelFile = bench.modelFile(spirals({ epochs: 1_000_000 }));
    freeze(trainer);
    const source = new CancellationTokenSource();
    const request = { modelFile, runsDirectory: bench.runs, abandon: { action: 'continue', graceSeconds: 1 } } as const;
    const started = trainer.startRun(request, source.token);
    source.cancel();
    await assert.rejects(started, isCode('CANCELLED'));
    thaw(trainer);
    await trainer.requireAnswer();
    const { runs } = await listRuns(bench.runs);
    assert.deepEqual(runs, []);
  });

  it('is asked no more once its connection is lost: the next start has another one', async () => {
    const trainer = await bench.trainer();
    process.kill(trainer.hello.pid, 'SIGKILL');
    await trainer.closed;
    assert.equal(trainer.isOpen, false);
    await assert.rejects(trainer.requireAnswer(), isCode('TRAINER_DIED'));
    assert.notEqual((await bench.trainer()).hello.instance, trainer.hello.instance);
  });
});

describe('a process that only has the id of a trainer', function () {
  this.timeout(180_000);
  let bench: Bench;
  let stranger: ChildProcess | undefined;
  beforeEach(() => {
    bench = new Bench();
  });
  afterEach(async () => {
    stranger?.kill('SIGKILL');
    await bench.dispose();
  });

  it('is neither taken for it nor signalled', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1_000_000 })));
    await run.until(() => run.points.length > 0);
    await trainer.kill();
    // After the trainer: two processes that begin within one tick of the system (10 ms) have one beginning.
    stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(stranger, 'spawn');
    const own = identityOf(stranger.pid!);
    assert.ok(own !== undefined);
    const { lockFile } = trainerPlace(bench.options());
    const record = JSON.parse(fs.readFileSync(path.join(run.runFolder, 'run.json'), 'utf8')) as {
      trainer: { pid: number; started: string };
    };
    for (const pid of [own.pid, 0, -1, -own.pid]) {
      record.trainer.pid = pid;
      fs.writeFileSync(path.join(run.runFolder, 'run.json'), JSON.stringify(record));
      fs.writeFileSync(lockFile, JSON.stringify({ ...record.trainer, address: '/nowhere' }));
      assert.equal((await readRun(run.runFolder)).state, 'interrupted');
      assert.equal(trainerAt(trainerPlace(bench.options())), undefined);
      await endUnresponsive(run.runFolder, bench.options());
      await endTrainer(bench.options(), bench.runs);
      await endProcess(record.trainer);
      assert.equal(isAlive(own), true, String(pid));
    }
    // The stale lock keeps nobody out.
    const next = await bench.start(await bench.trainer(), bench.modelFile(spirals({ epochs: 1 })));
    assert.equal((await next.ended()).state, 'finished');
  });
});

describe('another user of the machine', function () {
  this.timeout(180_000);
  /** "nobody" of every Linux. */
  const NOBODY = 65_534;

  it('reaches neither the socket nor the log of a trainer, and gets nothing served by making its folder first', async function () {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return this.skip();
    const bench = new Bench();
    const shared = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-shared-'));
    fs.chmodSync(shared, 0o1777);
    const asNobody = (code: string): string =>
      spawnSync(process.execPath, ['-e', code], { uid: NOBODY, gid: NOBODY, encoding: 'utf8', cwd: '/' }).stdout;
    try {
      await withEnvironment({ XDG_RUNTIME_DIR: shared }, async () => {
        const trainer = await bench.trainer();
        const { addresses, lockFile } = trainerPlace(bench.options());
        const connect = `require('net').connect(${JSON.stringify(addresses[0])})`;
        const told = `${connect}.on('connect', () => console.log('in')).on('error', (e) => console.log(e.code))`;
        assert.equal(asNobody(told).trim(), 'EACCES');
        for (const file of [trainer.logFile, lockFile])
          assert.match(
            asNobody(`try { require('fs').readFileSync(${JSON.stringify(file)}) } catch (e) { console.log(e.code) }`),
            /EACCES/,
          );
        await trainer.kill();
        fs.rmSync(path.dirname(addresses[0]!), { recursive: true });
        asNobody(`require('fs').mkdirSync(${JSON.stringify(path.dirname(addresses[0]!))}, { mode: 0o777 })`);
        await assert.rejects(bench.trainer(), isCode('SOCKET_FOLDER_UNSAFE'));
      });
    } finally {
      fs.rmSync(shared, { recursive: true, force: true });
      await bench.dispose();
    }
  });
});

describe("a trainer's places", function () {
  this.timeout(180_000);

  const long = path.join(os.tmpdir(), 'x'.repeat(60), 'y'.repeat(60));
  const RUNTIMES: readonly { readonly what: string; readonly set: Record<string, string | undefined> }[] = [
    { what: 'too long for a socket', set: { XDG_RUNTIME_DIR: long } },
    { what: 'too long, as the temporary folder is', set: { XDG_RUNTIME_DIR: long, TMPDIR: long } },
    { what: 'empty', set: { XDG_RUNTIME_DIR: '' } },
    { what: 'relative', set: { XDG_RUNTIME_DIR: 'run', TMPDIR: 'tmp' } },
    { what: 'not to be made', set: { XDG_RUNTIME_DIR: '/proc/no/such' } },
    { what: 'not set', set: { XDG_RUNTIME_DIR: undefined } },
  ];
  for (const { what, set } of RUNTIMES) {
    it(`with a runtime folder that is ${what} are short, absolute, and another one for each project`, async () => {
      await withEnvironment(set, async () => {
        const paths = { root: '/', cache: fs.mkdtempSync(path.join('/tmp', 'lab-place-')) };
        try {
          const [one, two] = ['/a', '/b'].map((project) => trainerPlace({ project, paths }).addresses);
          assert.ok(one!.length > 0);
          for (const address of one!) {
            assert.ok(path.isAbsolute(address) && Buffer.byteLength(address) <= 103, address);
            assert.ok(!two!.includes(address));
          }
          await Promise.resolve();
        } finally {
          fs.rmSync(paths.cache, { recursive: true });
        }
      });
    });
  }

  for (const { what, set } of some(RUNTIMES, 1)) {
    it(`with a runtime folder that is ${what} serve: two projects have two trainers`, async () => {
      const benches = [new Bench(), new Bench()];
      await withEnvironment(set, async () => {
        try {
          const [one, two] = await Promise.all(benches.map((bench) => bench.trainer()));
          assert.notEqual(one!.hello.pid, two!.hello.pid);
          const late = await TrainerConnection.attach(benches[0]!.options());
          assert.equal(late?.hello.pid, one!.hello.pid);
          late.dispose();
        } finally {
          for (const bench of benches) await bench.dispose();
        }
      });
    });
  }
});

describe('a log that cannot be written', function () {
  this.timeout(180_000);
  it('on a full disk ends no run', async function () {
    const disk = SmallDisk.mount(512);
    if (disk === undefined) return this.skip();
    const bench = new Bench();
    try {
      // The engine is found where it is; only what trainers write lies on the small disk.
      const { paths } = bench.options();
      fs.symlinkSync(path.join(paths.cache, 'engine'), path.join(disk.folder, 'engine'));
      const printing = `setInterval(() => { console.log('x'.repeat(5000)); console.error('y'); }, 5).unref();`;
      await withEnvironment({ DEEP_LEARNING_LAB_CACHE: disk.folder }, async () => {
        const trainer = await bench.trainer({ paths: { ...paths, cache: disk.folder } });
        await (await bench.start(trainer, bench.modelFile(spirals({ epochs: 1 })))).ended();
        disk.fill();
        const run = await bench.start(trainer, bench.modelFile(`${printing}\n${spirals({ epochs: 60 })}`));
        assert.equal((await run.ended()).state, 'finished', JSON.stringify(run.record?.end));
      });
    } finally {
      await bench.dispose();
      disk.unmount();
    }
  });
});

/** The trainer again: while it makes its socket, nobody is found, but somebody lives. */
async function eventuallyAttached(bench: Bench, lockFile: string): Promise<TrainerConnection> {
  for (let tries = 0; tries < 2000; tries++) {
    const trainer = fs.existsSync(lockFile) ? await TrainerConnection.attach(bench.options()) : undefined;
    if (trainer !== undefined) return trainer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail('it was not found again');
}
