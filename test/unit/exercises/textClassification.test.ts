import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readPoints } from '../../../src/runFolder/points';
import { Bench } from '../trainer/support';
import { lessons, solvedBut } from './samples';

describe('the claim of text classification', function () {
  this.timeout(300_000);
  const lesson = lessons.find(({ id }) => id === 'text-classification')!;
  const bench = new Bench();
  after(() => bench.dispose());

  /** The lowest of a curve, and the accuracy of its epoch. */
  async function best(folder: string, prefix = 'val_'): Promise<{ loss: number; accuracy: number }> {
    const epochs = (await readPoints(folder)).filter(({ kind }) => kind === 'epoch');
    const values = epochs.map(({ values: one }) => ({
      loss: one[`${prefix}loss`]!,
      accuracy: one[`${prefix}accuracy`]!,
    }));
    return values.reduce((least, one) => (one.loss < least.loss ? one : least));
  }

  async function train(source: string, name?: string, epochs?: number): Promise<string> {
    const overrides = epochs === undefined ? {} : { overrides: { epochs } };
    const run = await bench.start(await bench.trainer(), bench.modelFile(source, name), overrides);
    const record = await run.ended();
    assert.equal(record.state, 'finished', JSON.stringify(record.end));
    return run.runFolder;
  }

  it("with the learner's own functions attention beats the mean, and both beat counting words", async () => {
    const solved = await solvedBut(lesson);
    const folder = await train(solved);
    const [attention, mean] = [await best(folder), await best(folder, 'val_reference_')];
    assert.ok(attention.loss < mean.loss - 0.005, JSON.stringify({ attention, mean }));
    for (const { loss, accuracy } of [attention, mean]) {
      assert.ok(accuracy > 0.833, `naive Bayes has 83.3 %, this ${String(accuracy)}`);
      assert.ok(loss < 0.379, 'what a bag of words comes to');
    }
    const prose = fs.readFileSync(lesson.notebook, 'utf8');
    for (const [row, { loss }] of [
      ['mean of the words alone', mean],
      ['attention', attention],
    ] as const) {
      const said = Number(new RegExp(`\\| GloVe, ${row} \\| ([\\d.]+) \\|`).exec(prose)?.[1]);
      assert.ok(
        Math.abs(said - loss) < 0.01,
        `${row}: the prose says ${String(said)}, the run reached ${String(loss)}`,
      );
    }
  });

  it('draws one curve, not two, as long as the exercises are unsolved', async () => {
    const folder = await train(fs.readFileSync(path.join(lesson.folder, 'model.ts'), 'utf8'), 'model.ts', 2);
    for (const { values } of await readPoints(folder)) {
      assert.ok(Math.abs(values['loss']! - values['reference_loss']!) < 1e-4);
    }
  });

  it('reading in order is worth more than attention: the LSTM', async () => {
    bench.modelFile(fs.readFileSync(path.join(lesson.folder, 'model.ts'), 'utf8'));
    const lstm = await best(await train(fs.readFileSync(path.join(lesson.folder, 'lstm.ts'), 'utf8'), 'lstm.ts'));
    assert.ok(lstm.loss < 0.345 && lstm.accuracy > 0.845, JSON.stringify(lstm));
  });
});
