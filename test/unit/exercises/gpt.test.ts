import assert from 'node:assert/strict';
import fs from 'node:fs';
import { readPoints } from '../../../src/runFolder/points';
import { Bench } from '../trainer/support';
import { lessons, modelFileOf } from './samples';

/** What counting pairs of characters costs, nats a character of the last tenth of Moby-Dick: the prose's floor. */
const PAIRS = 2.41;

describe('the claim of the lesson on GPT', function () {
  this.timeout(120_000);
  const lesson = lessons.find(({ id }) => id === 'gpt')!;
  const bench = new Bench();
  after(() => bench.dispose());

  /** The lesson's own model file, smaller and trained for 400 steps, with more of it changed. */
  async function valLoss(changes: readonly (readonly [string, string])[] = []): Promise<number> {
    let source = fs.readFileSync(modelFileOf(lesson), 'utf8');
    for (const [from, to] of [
      ['const EPOCHS = 10;', 'const EPOCHS = 1;'],
      ['length: 64,', 'length: 32,'],
      ['context: 64, layers: 4, heads: 4, width: 128', 'context: 32, layers: 2, heads: 4, width: 64'],
      ...changes,
    ] as const) {
      assert.ok(source.includes(from), `the model file has no '${from}'`);
      source = source.replace(from, to);
    }
    const run = await bench.start(await bench.trainer(), bench.modelFile(source));
    const record = await run.ended();
    assert.equal(record.state, 'finished', JSON.stringify(record.end));
    assert.equal(record.progress.step, 400);
    return (await readPoints(run.runFolder)).at(-1)!.values['val_loss']!;
  }

  it('looking back is worth more than counting pairs; a network whose tokens look only at themselves is not', async () => {
    const prose = fs.readFileSync(lesson.notebook, 'utf8');
    assert.ok(prose.includes(`${PAIRS} nats`));
    const looking = await valLoss();
    const blind = await valLoss([['tf.greater(place', 'tf.notEqual(place']]);
    assert.ok(looking < PAIRS - 0.1, `looking back: ${looking}`);
    assert.ok(blind < Math.log(83) - 1.5, `it has learned which character follows which: ${blind}`);
    assert.ok(blind > PAIRS - 0.01, `what there is to know from one character: ${blind}`);
  });
});
