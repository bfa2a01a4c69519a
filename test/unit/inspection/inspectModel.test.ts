import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Worker } from '../../../src/client/processes/worker';
import { inspectModel } from '../../../src/client/source/inspect';
import type { ModelInspection } from '../../../src/protocol/modelInspection';
import { Bench, root } from '../trainer/support';
import { modelText } from './models';

/** Generous: the machine may be busy, and what does not end does not end. */
const LIMIT_SECONDS = 4;

describe('models built in a process of their own', function () {
  this.timeout(120_000);
  let bench: Bench;
  let worker: Worker;
  before(() => {
    bench = new Bench();
    worker = bench.worker({ role: 'inspection' });
  });
  after(() => bench.dispose());

  const inspect = (source: string): Promise<ModelInspection> =>
    inspectModel(worker, { modelFile: `${bench.folder}/model.ts`, source }, LIMIT_SECONDS);
  const codes = ({ problems }: ModelInspection): string[] => problems.map(({ error }) => error.code);

  it('answers with shapes for a text that was never saved', async () => {
    const { problems, layers, parameters } = await inspect(modelText());
    assert.deepEqual(problems, []);
    assert.deepEqual(
      layers.filter(({ isModel }) => !isModel).map(({ outputShapes }) => outputShapes),
      [[[null, 3]]],
    );
    assert.equal(parameters?.total, 9);
  });

  it('says so of a file that does not end, and answers for the next one', async () => {
    const endless = inspect(`while (true) {}\n${modelText()}`);
    const next = inspect(modelText());
    assert.deepEqual(codes(await endless), ['MODEL_TIMEOUT']);
    assert.deepEqual(codes(await next), []);
  });

  it('says so of a file that wants to end the process, and answers for the next one', async () => {
    assert.deepEqual(codes(await inspect(`process.exit(3);\n${modelText()}`)), ['MODEL_EXIT']);
    assert.deepEqual(codes(await inspect(modelText())), []);
  });

  it('does not hold up a training of the same folder', async () => {
    const trainer = await bench.trainer();
    const other = await bench.trainer({ role: 'inspection' });
    assert.notEqual(trainer.hello.pid, other.hello.pid);
    const endless = inspect(`while (true) {}\n${modelText()}`);
    const run = await bench.start(trainer, bench.modelFile(modelText(), 'train.ts'));
    assert.equal((await run.ended()).state, 'finished');
    assert.deepEqual(codes(await endless), ['MODEL_TIMEOUT']);
    run.dispose();
  });

  it('does not count the start of a compiler that is slow, as WebAssembly on a busy machine is', async () => {
    const slow = path.join(bench.folder, 'esbuild');
    const esbuild = require.resolve(`@esbuild/${process.platform}-${process.arch}/bin/esbuild`);
    fs.writeFileSync(slow, `#!/bin/sh\nsleep 2\nexec "${esbuild}" "$@"\n`, { mode: 0o755 });
    fs.mkdirSync(path.join(bench.folder, 'slow'));
    process.env['ESBUILD_BINARY_PATH'] = slow;
    const late = new Worker(() => ({ ...bench.options({ role: 'inspection' }), project: `${bench.folder}/slow` }));
    try {
      const modelFile = `${bench.folder}/slow.ts`;
      const started = performance.now();
      assert.deepEqual((await inspectModel(late, { modelFile, source: modelText() }, 1.5)).problems, []);
      assert.ok(performance.now() - started > 2000);
      const endless = await inspectModel(late, { modelFile, source: `while (true) {}\n${modelText()}` }, 1.5);
      assert.deepEqual(codes(endless), ['MODEL_TIMEOUT']);
      assert.match(endless.problems[0]!.error.message, /1\.5 s/);
    } finally {
      delete process.env['ESBUILD_BINARY_PATH'];
      await late.shutDown();
    }
  });

  it('says why no process could be started', async () => {
    const without = new Worker(() => ({
      ...bench.options(),
      project: `${bench.folder}/elsewhere`,
      paths: { root, cache: bench.folder },
    }));
    await assert.rejects(
      inspectModel(without, { modelFile: 'model.ts' }),
      ({ code }: { code?: string }) => code !== undefined,
    );
    without.dispose();
  });
});
