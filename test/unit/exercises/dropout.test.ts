import assert from 'node:assert/strict';
import type { Metrics } from '../../../src/protocol/run';
import { readPoints } from '../../../src/runFolder/points';
import { Bench } from '../trainer/support';
import { lessons, solvedBut } from './samples';

describe('the claim of dropout', function () {
  this.timeout(180_000);
  const bench = new Bench();
  after(() => bench.dispose());

  it("halves the gap that the panel shows, with the learner's own dropout and no loss of accuracy", async () => {
    const lesson = lessons.find(({ id }) => id === 'dropout')!;
    const solved = await solvedBut(lesson);
    const trainer = await bench.trainer();
    const lastEpochs = async (source: string): Promise<Metrics[]> => {
      const run = await bench.start(trainer, bench.modelFile(source));
      assert.equal((await run.ended()).state, 'finished');
      const epochs = (await readPoints(run.runFolder)).filter(({ kind }) => kind === 'epoch');
      return epochs.slice(-5).map(({ values }) => values);
    };
    const mean = (values: Metrics[], name: string): number =>
      values.reduce((sum, one) => sum + one[name]!, 0) / values.length;
    const gap = (values: Metrics[]): number => mean(values, 'val_loss') - mean(values, 'loss');

    const both = await lastEpochs(solved);
    const withDropout = both;
    // The same run draws the curve without beside it.
    const without = both.map((values) => ({
      loss: values['reference_loss']!,
      val_loss: values['val_reference_loss']!,
      val_accuracy: values['val_reference_accuracy']!,
    }));
    assert.ok(gap(without) > 0.5, 'without dropout it overfits');
    assert.ok(gap(withDropout) < gap(without) / 2, `${gap(withDropout)} of ${gap(without)}`);
    assert.ok(mean(withDropout, 'val_accuracy') > mean(without, 'val_accuracy') - 0.01);
    assert.ok(mean(withDropout, 'val_loss') < mean(without, 'val_loss'));
  });
});
