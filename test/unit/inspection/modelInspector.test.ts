import assert from 'node:assert/strict';
import { ModelInspector } from '../../../src/client/inspection/modelInspector';
import type { ModelInspection } from '../../../src/protocol/modelInspection';
import { Bench, root } from '../trainer/support';
import { modelText } from './models';

/** Generous: the machine may be busy, and what does not end does not end. */
const LIMIT_SECONDS = 4;

describe('the model inspector: models built in a process of their own', function () {
  this.timeout(120_000);
  let bench: Bench;
  let inspector: ModelInspector;
  before(() => {
    bench = new Bench();
    inspector = new ModelInspector(() => bench.options(), LIMIT_SECONDS);
  });
  after(async () => {
    inspector.dispose();
    // Its process is ours to end.
    await bench.trainer({ role: 'inspection' });
    await bench.dispose();
  });

  const inspect = (source: string): Promise<ModelInspection> =>
    inspector.inspect({ modelFile: `${bench.folder}/model.ts`, source });
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

  it('says so of a file that ends the process, and answers for the next one', async () => {
    assert.deepEqual(codes(await inspect(`process.exit(3);\n${modelText()}`)), ['TRAINER_DIED']);
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

  it('says why no process could be started', async () => {
    const without = new ModelInspector(() => ({
      ...bench.options(),
      project: `${bench.folder}/elsewhere`,
      paths: { root, cache: bench.folder },
    }));
    await assert.rejects(
      without.inspect({ modelFile: 'model.ts' }),
      ({ code }: { code?: string }) => code !== undefined,
    );
    without.dispose();
  });
});
