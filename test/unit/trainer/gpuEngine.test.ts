/** An engine for a GPU that fails is no end: the trainer computes with the processor and says why. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { engineOptions } from '../../../src/client/processes/engine';
import type { TrainerOptions } from '../../../src/client/processes/options';
import { defaultCache } from '../../../src/files/cache';
import type { EngineInfo } from '../../../src/protocol/run';
import { Bench, root } from './support';

describe('an engine for a GPU', function () {
  this.timeout(60_000);
  const own = fs.realpathSync(path.join(defaultCache(), 'engine', 'current'));
  let bench: Bench;
  let cache: string;
  let gpu: string;
  beforeEach(() => {
    bench = new Bench();
    cache = path.join(bench.folder, 'cache');
    gpu = path.join(cache, 'engine', 'gpu');
    fs.mkdirSync(gpu, { recursive: true });
    fs.symlinkSync(own, path.join(cache, 'engine', 'current'));
    const manifest = JSON.parse(fs.readFileSync(path.join(own, 'engine.json'), 'utf8')) as object;
    fs.writeFileSync(path.join(gpu, 'engine.json'), JSON.stringify({ ...manifest, gpu: 'NVIDIA T4' }));
  });
  afterEach(() => bench.dispose());

  const binding = (): string => path.join(gpu, 'tfjs_binding.node');
  const options = (extra: Partial<TrainerOptions> = {}): Partial<TrainerOptions> => ({
    paths: { root, cache },
    ...extra,
  });
  async function engineOf(extra: Partial<TrainerOptions> = {}): Promise<EngineInfo> {
    const trainer = await bench.trainer(options(extra));
    await trainer.shutDown();
    return trainer.hello.engine;
  }
  const remade = (): void => {
    const later = new Date(Date.now() + 10_000);
    fs.utimesSync(path.join(gpu, 'engine.json'), later, later);
  };

  it('computes with the processor where TensorFlow finds none, with the reason, and is asked again the next time', async () => {
    for (const name of fs.readdirSync(own))
      if (name !== 'engine.json') fs.symlinkSync(path.join(own, name), path.join(gpu, name));
    const engine = await engineOf();
    assert.equal(engine.kind, 'native');
    assert.equal(engine.instead?.code, 'ENGINE_NO_GPU');
    assert.match(engine.reason, /no NVIDIA GPU/);
    assert.equal(engine.instead.expected, 'NVIDIA T4');
    // A driver may come back: nothing is noted.
    assert.ok(!fs.existsSync(path.join(cache, 'engine', 'unfit.json')));
  });

  it('that cannot be loaded gives way to the one for the processor, which says why, until it is made anew', async () => {
    fs.writeFileSync(binding(), 'no library');
    for (const choice of ['auto', 'native'] as const) {
      const engine = await engineOf({ engine: choice });
      assert.equal(engine.kind, 'native');
      assert.equal(engine.instead?.code, 'ENGINE_LOAD_FAILED');
    }
    const noted = engineOptions(bench.options(options()));
    assert.equal(noted.gpuUnfit?.code, 'ENGINE_LOAD_FAILED');
    assert.ok(!noted.engineDirectories.includes(gpu));
    remade();
    const anew = engineOptions(bench.options(options()));
    assert.equal(anew.gpu, true);
    assert.equal(anew.engineDirectories[0], gpu);
  });

  it('that ends the process that loads it is tried once; where the other one does the same, WebAssembly computes', async function () {
    if (process.platform !== 'linux') this.skip();
    const source = path.join(bench.folder, 'illegal.c');
    const tried = path.join(bench.folder, 'tried');
    // As a library does that was built for a newer processor.
    fs.writeFileSync(
      source,
      `#include <stdio.h>
       __attribute__((constructor)) static void load(void) {
         FILE *file = fopen(${JSON.stringify(tried)}, "a"); fputc('x', file); fclose(file); __builtin_trap(); }`,
    );
    execFileSync('cc', ['-shared', '-fPIC', '-o', binding(), source]);
    assert.equal((await engineOf()).instead?.code, 'ENGINE_LOAD_FAILED');
    assert.equal((await engineOf()).kind, 'native');
    assert.equal(fs.readFileSync(tried, 'utf8'), 'x');

    const current = path.join(cache, 'engine', 'current');
    fs.rmSync(current);
    fs.mkdirSync(current);
    fs.copyFileSync(path.join(own, 'engine.json'), path.join(current, 'engine.json'));
    fs.copyFileSync(binding(), path.join(current, 'tfjs_binding.node'));
    const last = await engineOf();
    assert.equal(last.kind, 'wasm');
    assert.equal(last.instead?.code, 'ENGINE_LOAD_FAILED');
    assert.equal((await engineOf()).kind, 'wasm');
    assert.equal(fs.readFileSync(tried, 'utf8'), 'xx', 'each of the two once');
  });
});
