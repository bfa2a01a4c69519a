/** What the panel shows of the inside of the two lessons, untouched and solved. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { DropoutMasks, Picture, Walkthrough } from '../../../src/protocol/pictures';
import { readPictures } from '../../../src/runFolder/pictures';
import { Bench } from '../trainer/support';
import { lessons, modelFileOf, solvedBut } from './samples';

describe('the pictures of the lessons', function () {
  this.timeout(120_000);
  const bench = new Bench();
  after(() => bench.dispose());

  async function pictures(id: string, isSolved: boolean): Promise<Picture[]> {
    const lesson = lessons.find((candidate) => candidate.id === id)!;
    const source = isSolved ? await solvedBut(lesson) : fs.readFileSync(modelFileOf(lesson), 'utf8');
    const run = await bench.start(await bench.trainer(), bench.modelFile(source), { overrides: { epochs: 1 } });
    const record = await run.ended();
    assert.equal(record.state, 'finished', JSON.stringify(record.end));
    return readPictures(run.runFolder);
  }
  const walkOf = (all: readonly Picture[]): Walkthrough | undefined =>
    all.find((picture) => picture.kind === 'walkthrough');
  const masksOf = (all: readonly Picture[]): DropoutMasks | undefined =>
    all.find((picture) => picture.kind === 'dropoutMasks');

  it("backpropagation: the learner's gradients stand beside TensorFlow's and are the same", async () => {
    const walk = walkOf(await pictures('backpropagation', true))!;
    assert.equal(walk.step, 313, 'the last picture is that of the end');
    const parameters = walk.nodes.filter(({ kind }) => kind === 'parameter');
    assert.deepEqual(parameters.map(({ symbol }) => symbol.base).sort(), ['b1', 'b2', 'w1', 'w2']);
    for (const { own, gradient } of parameters) assert.ok(gradient !== undefined && own!.difference! < 1e-4);
    assert.match(walk.summary, /Your gradients are TensorFlow's/);
    assert.equal(walk.example.label, 7, 'as the prose says');
    assert.equal(walk.example.image?.width, 28);
  });

  it('backpropagation, untouched: the loss is a constant, so nothing flows back', async () => {
    const walk = walkOf(await pictures('backpropagation', false))!;
    assert.equal(walk.connected, false);
    assert.match(walk.summary, /nothing flows back yet/);
  });

  it('dropout: two masks of half the units, twice as strong; the expectation of the first is kept', async () => {
    const [first, second] = masksOf(await pictures('dropout', true))!.layers;
    for (const layer of [first!, second!]) {
      assert.deepEqual([layer.units, layer.scale, layer.masks.length], [256, 2, 8]);
      assert.ok(Math.abs(layer.dropped - 0.5) < 0.06, String(layer.dropped));
    }
    const { training, test } = first!.means!;
    assert.ok(Math.abs(training / test - 1) < 0.25, `${training} and ${test}`);
  });

  it('dropout, untouched: nothing is dropped, so there are no masks', async () => {
    assert.equal(masksOf(await pictures('dropout', false)), undefined);
  });
});
