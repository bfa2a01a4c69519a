/** Starting a trainer: what others left behind, and others who start at the same moment. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';
import { trainerPlace } from '../../../src/client/processes/place';
import { TrainerConnection } from '../../../src/client/processes/connection';
import type { LabError } from '../../../src/protocol/errors';
import { Bench, spirals } from '../trainer/support';
import { eventually, isAlive } from './support';

describe('starting a trainer', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  const socket = (): string => trainerPlace(bench.options()).addresses[0]!;

  it('several times at once gives one process that serves all', async () => {
    const trainers = await Promise.all(Array.from({ length: 4 }, () => bench.trainer()));
    assert.equal(new Set(trainers.map(({ hello }) => hello.instance)).size, 1);
  });

  it('works where a killed trainer has left its socket', async () => {
    const first = await bench.trainer();
    await first.kill();
    assert.ok(fs.existsSync(socket()), 'the socket is still there');
    const second = await bench.trainer();
    assert.notEqual(second.hello.instance, first.hello.instance);
    const run = await bench.start(second, bench.modelFile(spirals({ epochs: 1 })));
    assert.equal((await run.ended()).state, 'finished');
  });

  for (let round = 1; round <= 2; round++) {
    it(`several times at once on a stale socket gives one process (round ${String(round)})`, async () => {
      const first = await bench.trainer();
      await first.kill();
      const trainers = await Promise.all(Array.from({ length: 5 }, () => bench.trainer()));
      const pids = new Set(trainers.map(({ hello }) => hello.pid));
      assert.equal(pids.size, 1, 'all clients have the same');
      const late = await TrainerConnection.attach(bench.options());
      assert.equal(late?.hello.pid, [...pids][0], 'and the socket leads to it');
      late?.dispose();
    });
  }

  it('works where the socket is a plain file', async () => {
    fs.writeFileSync(socket(), 'not a socket');
    const trainer = await bench.trainer();
    assert.ok(isAlive(trainer.hello.pid));
  });

  it('where somebody listens and says nothing fails in time, with a remedy', async () => {
    const address = socket();
    const accepted: net.Socket[] = [];
    const silent = net.createServer((connection) => accepted.push(connection));
    await new Promise<void>((resolve) => silent.listen(address, resolve));
    try {
      await assert.rejects(
        TrainerConnection.start(bench.options({ answerSeconds: 0.3 })),
        (error: { code: string; data: { remedy?: string } }) =>
          error.code === 'TRAINER_UNRESPONSIVE' && error.data.remedy !== undefined,
      );
    } finally {
      for (const connection of accepted) connection.destroy();
      silent.close();
    }
  });

  it('with a library that was torn says that the engine is at fault, and how to make it anew', async function () {
    if (process.platform !== 'linux') this.skip();
    const prepared = path.join(defaultCache(), 'engine', 'current');
    const cache = path.join(bench.folder, 'cache');
    const engine = path.join(cache, 'engine', 'current');
    fs.mkdirSync(engine, { recursive: true });
    for (const name of fs.readdirSync(prepared)) {
      if (name.includes('framework'))
        fs.writeFileSync(path.join(engine, name), firstBytes(path.join(prepared, name), 3e6));
      else if (name.includes('.so'))
        fs.symlinkSync(fs.realpathSync(path.join(prepared, name)), path.join(engine, name));
      else fs.copyFileSync(path.join(prepared, name), path.join(engine, name));
    }
    await assert.rejects(
      TrainerConnection.start(bench.options({ engine: 'native', paths: { root: path.resolve('.'), cache } })),
      ({ code, data }: LabError) => {
        assert.equal(code, 'ENGINE_LOAD_FAILED', JSON.stringify(data));
        assert.match(data.remedy ?? '', /npm run engine/);
        return true;
      },
    );
  });

  it('is called off without leaving a process', async () => {
    const before = processesOf(bench.folder);
    assert.deepEqual(before, []);
    await assert.rejects(
      TrainerConnection.start(bench.options(), {
        isCancellationRequested: true,
        onCancellationRequested: () => ({ dispose: () => undefined }),
      }),
      (error: { code: string }) => error.code === 'CANCELLED',
    );
    if (process.platform === 'linux') {
      await eventually(() => (processesOf(bench.folder).length === 0 ? true : undefined), 'no process in the folder');
    }
  });
});

function firstBytes(file: string, length: number): Buffer {
  const descriptor = fs.openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, fs.readSync(descriptor, bytes));
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Processes whose working directory it is. */
function processesOf(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  return fs.readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return fs.readlinkSync(path.join('/proc', name, 'cwd')) === folder;
    } catch {
      return false; // it ended meanwhile, or it is not ours
    }
  });
}
