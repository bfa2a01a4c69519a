/** What a run leaves on disk beside its curve: checkpoints, and what it is exported to. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { exportCsv } from '../../../src/client/runs/store';
import { records } from '../../support/records';
import { Bench, spirals } from './support';

describe('the folder of a run', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  it('writes event files that TensorBoard reads, with the tags of Keras', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 2 })));
    await run.ended();
    const output = path.join(bench.folder, 'tensorboard');
    await trainer.request('runs/exportTensorBoard', { runFolder: run.runFolder, outputDirectory: output });
    const read = (split: string): string => {
      const [name] = fs.readdirSync(path.join(output, split));
      assert.match(name ?? '', /tfevents/);
      return records(fs.readFileSync(path.join(output, split, name!)))
        .map((bytes) => bytes.toString('latin1'))
        .join('\n');
    };
    const train = read('train');
    for (const tag of ['batch_loss', 'batch_accuracy', 'epoch_loss', 'epoch_accuracy'])
      assert.ok(train.includes(tag), tag);
    assert.equal(train.split('batch_loss').length - 1, run.steps().length);
    assert.equal(read('validation').split('epoch_accuracy').length - 1, 2);
  });

  it('exports every point as a row of CSV', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1 })));
    await run.ended();
    const file = path.join(bench.folder, 'run.csv');
    await exportCsv(run.runFolder, file);
    const [header, ...rows] = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
    assert.equal(header, 'kind,step,epoch,time,learning_rate,loss,accuracy,val_loss,val_accuracy');
    assert.equal(rows.length, run.points.length);
    assert.equal(Number(rows.at(-1)!.split(',')[7]), run.epochs()[0]!.values['val_loss']);
  });

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
