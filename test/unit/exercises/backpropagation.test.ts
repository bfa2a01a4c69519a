import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readPoints } from '../../../src/client/runs/store';
import type { Metrics } from '../../../src/protocol/run';
import { Bench } from '../trainer/support';
import { lessons, solvedBut } from './samples';

describe('the claim of backpropagation', function () {
  this.timeout(120_000);
  const bench = new Bench();
  after(() => bench.dispose());

  it("trains with one's own gradients exactly as with TensorFlow's, at the lesson's full size", async () => {
    const lesson = lessons.find(({ id }) => id === 'backpropagation')!;
    const own = bench.modelFile(await solvedBut(lesson));
    const text = fs.readFileSync(path.join(lesson.folder, 'autodiff.ts'), 'utf8');
    const autodiff = bench.modelFile(text, 'autodiff.ts');
    const trainer = await bench.trainer();
    const curve = async (file: string): Promise<Metrics[]> => {
      const run = await bench.start(trainer, file, { overrides: { epochs: 2 } });
      assert.equal((await run.ended()).state, 'finished');
      return (await readPoints(run.runFolder)).map(({ values }) => values);
    };
    const [yours, theirs] = [await curve(own), await curve(autodiff)];
    assert.equal(yours.length, theirs.length);
    assert.ok(yours.length > 600);
    yours.forEach((values, i) => {
      const expected = theirs[i]!['loss']!;
      assert.ok(Math.abs(values['loss']! - expected) <= 1e-4 * Math.max(1, expected), `point ${i}`);
    });
    assert.ok(yours.at(-1)!['val_accuracy']! > 0.88);
  });

  it('learns nothing with the stubs', async () => {
    const lesson = lessons.find(({ id }) => id === 'backpropagation')!;
    const stubs = bench.modelFile(fs.readFileSync(path.join(lesson.folder, 'model.ts'), 'utf8'), 'stubs.ts');
    const run = await bench.start(await bench.trainer(), stubs, { overrides: { epochs: 1 } });
    const record = await run.ended();
    assert.equal(record.state, 'finished');
    assert.ok(record.latest['val_accuracy']! < 0.2);
  });
});
