/** Which engine a trainer loads: by choice, by what is there, and by what has ended a process before. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';
import type { TrainerOptions } from '../../../src/client/processes/options';
import { LabError } from '../../../src/protocol/errors';
import { Bench, root, spirals } from './support';

const isCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof LabError && error.code === code;

describe('the engine of a trainer', function () {
  this.timeout(120_000);
  let bench: Bench;
  let cache: string;
  beforeEach(() => {
    bench = new Bench();
    cache = path.join(bench.folder, 'cache');
    fs.mkdirSync(cache);
    // The key, too: a run that was made with another one is not ours to follow.
    for (const name of ['data', 'key']) fs.symlinkSync(path.join(defaultCache(), name), path.join(cache, name));
  });
  afterEach(() => bench.dispose());

  const without = (extra: Partial<TrainerOptions> = {}): Partial<TrainerOptions> => ({
    paths: { root, cache },
    ...extra,
  });

  it('is WebAssembly where no native one is there, and says why; one model after the other trains on it', async () => {
    const trainer = await bench.trainer(without());
    const { engine } = trainer.hello;
    assert.equal(engine.kind, 'wasm');
    assert.equal(engine.instead?.code, 'ENGINE_MISSING');
    assert.match(engine.reason, /not installed/);
    // The same process takes the second one: a kernel that the first one used is nothing that it left behind.
    for (const name of ['model.ts', 'other.ts']) {
      const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 2 }), name));
      const record = await run.ended();
      assert.equal(record.state, 'finished', JSON.stringify(record.end));
      assert.equal(record.environment.engine?.kind, 'wasm');
    }
  });

  it('that was asked for by name and cannot be had is an error', async () => {
    await assert.rejects(bench.trainer(without({ engine: 'native' })), isCode('ENGINE_MISSING'));
  });

  it('is the native one where it works, unless the other was chosen', async () => {
    const native = await bench.trainer();
    assert.equal(native.hello.engine.kind, 'native');
    assert.equal(native.hello.engine.instead, undefined);
    await native.shutDown();
    const wasm = await bench.trainer({ engine: 'wasm' });
    assert.equal(wasm.hello.engine.kind, 'wasm');
    assert.equal(wasm.hello.engine.instead, undefined);
  });

  it('is another one after another choice: an idle trainer makes way, one that trains goes on', async () => {
    const first = await bench.trainer({ idleSeconds: 60 });
    const second = await bench.trainer({ engine: 'wasm', idleSeconds: 60 });
    assert.notEqual(second.hello.instance, first.hello.instance);
    assert.equal(second.hello.engine.kind, 'wasm');
    const run = await bench.start(second, bench.modelFile(spirals({ epochs: 1_000_000 })));
    await run.until(() => run.points.length > 0);
    const third = await bench.trainer({ engine: 'native' });
    assert.equal(third.hello.instance, second.hello.instance);
    assert.equal((await second.stopRun(run.id, run.runFolder)).state, 'stopped');
  });

  it('computes with as many threads as are asked for, and another number is another process', async () => {
    const one = await bench.trainer({ threads: 1, idleSeconds: 60 });
    const same = await bench.trainer({ threads: 1, idleSeconds: 60 });
    assert.equal(same.hello.instance, one.hello.instance);
    const all = await bench.trainer({ idleSeconds: 60 });
    assert.notEqual(all.hello.instance, one.hello.instance);
  });

  it('that ends the process that loads it is done without, until it is made anew', async function () {
    if (process.platform !== 'linux') this.skip();
    const folder = path.join(cache, 'engine', 'current');
    fs.mkdirSync(folder, { recursive: true });
    const manifest = fs.readFileSync(path.join(defaultCache(), 'engine', 'current', 'engine.json'));
    fs.writeFileSync(path.join(folder, 'engine.json'), manifest);
    const source = path.join(bench.folder, 'illegal.c');
    const tried = path.join(bench.folder, 'tried');
    // As a library does that was built for a newer processor.
    fs.writeFileSync(
      source,
      `#include <stdio.h>
       __attribute__((constructor)) static void load(void) { fclose(fopen(${JSON.stringify(tried)}, "a")); __builtin_trap(); }`,
    );
    execFileSync('cc', ['-shared', '-fPIC', '-o', path.join(folder, 'tfjs_binding.node'), source]);

    const first = await bench.trainer(without());
    assert.ok(fs.existsSync(tried));
    assert.equal(first.hello.engine.kind, 'wasm');
    assert.equal(first.hello.engine.instead?.code, 'ENGINE_LOAD_FAILED');
    await first.shutDown();

    fs.rmSync(tried);
    const second = await bench.trainer(without());
    assert.equal(second.hello.engine.instead?.code, 'ENGINE_LOAD_FAILED');
    assert.ok(!fs.existsSync(tried), 'it is not tried again');
    await second.shutDown();

    const later = new Date(Date.now() + 10_000);
    fs.utimesSync(path.join(folder, 'engine.json'), later, later);
    await bench.trainer(without());
    assert.ok(fs.existsSync(tried), 'made anew, it is');
    await assert.rejects(bench.trainer(without({ engine: 'native' })), isCode('ENGINE_LOAD_FAILED'));
  });
});
