/** An update of the lab while a trainer of the version before is there: a real process that speaks another protocol. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';
import { TrainerConnection } from '../../../src/client/processes/connection';
import { stopRunOfOther } from '../../../src/client/processes/otherVersion';
import type { TrainerOptions } from '../../../src/client/processes/options';
import { connect, type Connected } from '../../../src/client/processes/connect';
import { launch } from '../../../src/client/processes/launch';
import { trainerPlace } from '../../../src/client/processes/place';
import { endTrainer } from '../../../src/client/processes/unresponsive';
import { endProcess, identityOf } from '../../../src/processes/identity';
import type { LabError } from '../../../src/protocol/errors';
import { request } from '../../../src/protocol/rpc';
import { PROTOCOL_VERSION } from '../../../src/protocol/trainer';
import { readPoints } from '../../../src/runFolder/points';
import { readRun } from '../../../src/runFolder/runs';
import { eventually } from '../../support/wait';
import { Bench, root, spirals } from './support';

type Old = Connected & { readonly pid: number };

describe('a trainer of the version before an update', function () {
  this.timeout(120_000);
  let bench: Bench;
  let before: string;

  /** The lab as it was: the same but for the number of its protocol. */
  beforeEach(() => {
    bench = new Bench();
    before = path.join(bench.folder, 'lab-before');
    fs.mkdirSync(path.join(before, 'dist'), { recursive: true });
    for (const name of fs.readdirSync(root))
      if (name !== 'dist') fs.symlinkSync(path.join(root, name), path.join(before, name));
    for (const name of fs.readdirSync(path.join(root, 'dist')))
      if (name !== 'trainer.js') fs.symlinkSync(path.join(root, 'dist', name), path.join(before, 'dist', name));
    const program = fs.readFileSync(path.join(root, 'dist', 'trainer.js'), 'utf8');
    const constant = `PROTOCOL_VERSION = ${String(PROTOCOL_VERSION)};`;
    assert.equal(program.split(constant).length, 2, 'the number stands in the program once');
    fs.writeFileSync(
      path.join(before, 'dist', 'trainer.js'),
      program.replace(constant, `PROTOCOL_VERSION = ${String(PROTOCOL_VERSION - 1)};`),
    );
  });
  afterEach(async () => {
    for (const { connection, socket, pid } of started.splice(0)) {
      connection.dispose();
      socket.destroy();
      const left = identityOf(pid);
      if (left !== undefined) await endProcess(left);
    }
    await bench.dispose();
  });

  const started: Old[] = [];

  /** Starts it, as a client of its own version. */
  const old = async (extra: Partial<TrainerOptions> = {}): Promise<Old> => {
    const options = bench.options({ idleSeconds: 60, paths: { root: before, cache: defaultCache() }, ...extra });
    const place = trainerPlace(options);
    const child = launch(options, place);
    const found = await eventually(() => connect(place.addresses), 'the old trainer answers');
    const { connection } = found;
    connection.listen();
    await request(connection, 'trainer/hello', { protocol: PROTOCOL_VERSION - 1 });
    const trainer = { ...found, pid: child.pid! };
    started.push(trainer);
    return trainer;
  };
  const begin = async ({ connection }: Old): Promise<{ folder: string; id: string }> => {
    const { runFolder, record } = await request(connection, 'run/start', {
      modelFile: bench.modelFile(spirals({ epochs: 100_000 })),
      runsDirectory: bench.runs,
      abandon: { action: 'continue', graceSeconds: 30 },
    });
    await eventually(async () => ((await readPoints(runFolder)).length > 5 ? true : undefined), 'it trains');
    return { folder: runFolder, id: record.id };
  };

  it('makes way when it has nothing to do', async () => {
    const { pid } = await old();
    const trainer = await bench.trainer();
    assert.notEqual(trainer.hello.pid, pid);
    assert.equal(identityOf(pid), undefined);
  });

  it('is left to finish what it trains, which is said', async () => {
    const other = await old();
    const run = await begin(other);
    for (const attempt of [TrainerConnection.start(bench.options()), TrainerConnection.attach(bench.options())])
      await assert.rejects(attempt, ({ data }: LabError) => {
        const { code, expected, found, remedy } = data;
        assert.deepEqual(
          [code, expected, found],
          ['PROTOCOL_VERSION', String(PROTOCOL_VERSION), String(PROTOCOL_VERSION - 1)],
        );
        return (remedy ?? '').includes('left to finish');
      });
    const points = (await readPoints(run.folder)).length;
    await eventually(async () => ((await readPoints(run.folder)).length > points ? true : undefined), 'it goes on');
    assert.equal((await readRun(run.folder)).state, 'training');
  });

  it('stops its run between two steps when the user of the new version wants it, and makes way then', async () => {
    const other = await old();
    const run = await begin(other);
    const record = await stopRunOfOther(run.folder, bench.options(), 20);
    assert.deepEqual([record.state, record.end?.reason], ['stopped', 'stoppedByUser']);
    assert.ok((await readPoints(run.folder)).length > 5);
    const trainer = await bench.trainer();
    assert.notEqual(trainer.hello.pid, other.pid);
  });

  it('is ended with its run when it does not stop in time, and only then', async () => {
    const other = await old();
    const run = await begin(other);
    process.kill(other.pid, 'SIGSTOP');
    const record = await stopRunOfOther(run.folder, bench.options(), 0.2);
    assert.deepEqual([record.state, record.end?.reason], ['stopped', 'killed']);
    assert.equal(identityOf(other.pid), undefined);
  });

  it('stays when it is the kernel of a notebook: its variables are not lost without a word', async () => {
    const { pid } = await old({ role: 'kernel' });
    await assert.rejects(
      TrainerConnection.start(bench.options({ role: 'kernel' })),
      ({ data }: LabError) => data.code === 'PROTOCOL_VERSION' && (data.remedy ?? '').includes('Restart the kernel'),
    );
    assert.notEqual(identityOf(pid), undefined);
    await endTrainer(bench.options({ role: 'kernel' }), bench.runs);
    assert.equal((await bench.trainer({ role: 'kernel' })).hello.protocol, PROTOCOL_VERSION);
  });

  it('of the same protocol, but of the folder before, makes way when it is idle, and is used while it trains', async () => {
    fs.rmSync(path.join(before, 'dist', 'trainer.js'));
    fs.copyFileSync(path.join(root, 'dist', 'trainer.js'), path.join(before, 'dist', 'trainer.js'));
    const paths = { root: before, cache: defaultCache() };
    const first = await bench.trainer({ paths, idleSeconds: 60 });
    const run = await bench.start(first, bench.modelFile(spirals({ epochs: 100_000 })));
    const during = await bench.trainer();
    assert.equal(during.hello.pid, first.hello.pid);
    await during.request('run/stop', { runId: run.id });
    await run.ended();
    const after = await eventually(async () => {
      const trainer = await bench.trainer();
      return trainer.hello.pid === first.hello.pid ? undefined : trainer;
    }, 'it has made way');
    assert.equal(after.hello.root, root);
  });
});
