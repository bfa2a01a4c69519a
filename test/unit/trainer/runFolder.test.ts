/** What a run leaves on disk beside its curve: checkpoints. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Bench, spirals } from './support';

describe('the folder of a run', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  it('keeps its newest checkpoints and the best one, and no others', async () => {
    const trainer = await bench.trainer();
    // The first epoch stays the best: after it the rate is far too high.
    const run = await bench.start(
      trainer,
      bench.modelFile(spirals({ epochs: 14, optimizer: 'tf.train.sgd(50)', dropout: 0 })),
    );
    const { checkpoints } = await run.ended();
    const losses = run.epochs().map(({ values }) => values['val_loss']!);
    const best = `epoch-${String(losses.indexOf(Math.min(...losses)) + 1).padStart(4, '0')}`;
    const newest = Array.from({ length: 10 }, (_, index) => `epoch-${String(index + 5).padStart(4, '0')}`);
    assert.deepEqual(checkpoints, [...new Set([best, ...newest])].sort());
    assert.deepEqual(fs.readdirSync(path.join(run.runFolder, 'checkpoints')).sort(), checkpoints);
  });

  it('whose folder is deleted ends, and does not bring it back', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 100_000 })));
    await run.until(() => run.epochs().length > 0);
    fs.rmSync(run.runFolder, { recursive: true });
    const { state, end } = await run.ended();
    assert.equal(state, 'failed');
    assert.equal(end?.error?.code, 'RUN_FOLDER_UNWRITABLE');
    assert.equal(fs.existsSync(run.runFolder), false);
  });
});
