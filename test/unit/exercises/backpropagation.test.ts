import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { grade } from '../../../src/client/exercises/grade';
import type { ExerciseVerdict } from '../../../src/protocol/exercise';
import { readPoints } from '../../../src/runFolder/points';
import { Bench } from '../trainer/support';
import { exercisesOf, lessons, modelFileOf, solvedBut } from './samples';

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

/** What the comments of the model file say of each function's arguments, as a guard in front of the solution. */
const PROMISES: Readonly<Record<string, string>> = {
  loss: 'logits.shape[1] === CLASSES && labels.shape[0] === logits.shape[0]',
  outputGradient: 'logits.shape[1] === CLASSES && labels.shape[0] === logits.shape[0]',
  hiddenGradient:
    'outputGradient.shape[1] === CLASSES && `${w2.shape}` === `${[HIDDEN, CLASSES]}` && hidden.shape[1] === HIDDEN',
  parameterGradients:
    'x.shape[1] === PIXELS && hidden.shape[1] === HIDDEN && hiddenGradient.shape[1] === HIDDEN && outputGradient.shape[1] === CLASSES',
};

describe('the checks of backpropagation', function () {
  this.timeout(300_000);
  const lesson = lessons.find(({ id }) => id === 'backpropagation')!;
  const bench = new Bench();
  const worker = bench.worker({ role: 'grading' });
  after(() => bench.dispose());

  const verdictOn = async (id: string, source: string): Promise<ExerciseVerdict> => {
    const exercise = (await exercisesOf(lesson)).find(({ name }) => name === id)!;
    return await grade({ exercise, modelFile: modelFileOf(lesson), source }, { worker });
  };

  for (const [name, promise] of Object.entries(PROMISES)) {
    it(`give ${name} nothing but the shapes that the comments promise`, async () => {
      const source = await solvedBut(lesson);
      const guard = `if (!(${promise})) throw new Error('another shape than promised');\n`;
      const guarded = source.replace(new RegExp(`(export function ${name}\\([^{]*\\{\\n)`), `$1${guard}`);
      assert.notEqual(guarded, source);
      const { checks, error } = await verdictOn(name, guarded);
      assert.equal(error, undefined);
      assert.deepEqual(
        checks.filter(({ status }) => status !== 'passed'),
        [],
      );
    });
  }

  it('pass a loss that takes the number of classes from the file', async () => {
    const source = (await solvedBut(lesson)).replace(
      'tf.oneHot(labels, logits.shape[1])',
      'tf.oneHot(labels, CLASSES)',
    );
    assert.match(source, /oneHot\(labels, CLASSES\)/);
    assert.equal((await verdictOn('loss', source)).passed, true);
  });
});
