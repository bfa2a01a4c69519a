import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readPoints } from '../../../src/client/runs/store';
import { Bench } from '../trainer/support';
import { lessons, solvedBut } from './samples';

describe('the claim of backpropagation', function () {
  this.timeout(120_000);
  const bench = new Bench();
  after(() => bench.dispose());

  it("trains with one's own gradients exactly as with TensorFlow's, at the lesson's full size", async () => {
    const lesson = lessons.find(({ id }) => id === 'backpropagation')!;
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(await solvedBut(lesson)), { overrides: { epochs: 2 } });
    assert.equal((await run.ended()).state, 'finished');
    const points = await readPoints(run.runFolder);
    assert.ok(points.length > 600);
    points.forEach(({ values }, i) => {
      const [yours, theirs] = [values['loss']!, values['reference_loss']!];
      assert.ok(Math.abs(yours - theirs) <= 1e-4 * Math.max(1, theirs), `point ${i}: ${yours} and ${theirs}`);
    });
    assert.ok(points.at(-1)!.values['val_accuracy']! > 0.88);
  });

  it("learns nothing with the stubs, beside TensorFlow's gradients, which do", async () => {
    const lesson = lessons.find(({ id }) => id === 'backpropagation')!;
    const stubs = bench.modelFile(fs.readFileSync(path.join(lesson.folder, 'model.ts'), 'utf8'), 'stubs.ts');
    const run = await bench.start(await bench.trainer(), stubs, { overrides: { epochs: 1 } });
    const record = await run.ended();
    assert.equal(record.state, 'finished');
    assert.ok(record.latest['val_accuracy']! < 0.2);
    assert.equal(record.latest['loss'], 0);
    assert.ok(record.latest['val_reference_accuracy']! > 0.85);
  });
});
