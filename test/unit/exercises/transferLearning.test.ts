import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { apply, replaceAnswer } from '../../../src/client/exercises/answer';
import type { SizeStudy } from '../../../src/protocol/pictures';
import { readPoints } from '../../../src/runFolder/points';
import { listRuns } from '../../../src/runFolder/runs';
import { Bench } from '../trainer/support';
import { lessons, solvedBut } from './samples';

const SHARED = path.resolve('..', 'shared', 'datasets');

/** The text with one part replaced, which must be there. */
function changed(text: string, from: string | RegExp, to: string): string {
  const after = text.replace(from, to);
  assert.notEqual(after, text, String(from));
  return after;
}

describe('the claim of transfer learning', function () {
  this.timeout(180_000);
  const lesson = lessons.find(({ id }) => id === 'transfer-learning')!;
  const read = (name: string): string => fs.readFileSync(path.join(lesson.folder, name), 'utf8');
  const bench = new Bench();
  // Smaller than the lesson's. Whoever needs it first trains it, the others take its run.
  before(() => {
    bench.modelFile(changed(read('base.ts'), 'train: 20_000, test: 2_000', 'train: 8_000, test: 100'), 'base.ts');
  });
  after(() => bench.dispose());

  /** Runs a file to its end; its study of sizes, by number of examples. */
  async function study(file: string): Promise<{ folder: string; rows: SizeStudy['rows'] }> {
    const run = await bench.start(await bench.trainer(), file, { dataDirectory: SHARED });
    const record = await run.ended();
    assert.equal(record.state, 'finished', JSON.stringify(record.end));
    const artifact = path.join(run.runFolder, 'artifacts', 'sizeStudy.json');
    const { rows } = JSON.parse(fs.readFileSync(artifact, 'utf8')) as SizeStudy;
    return { folder: run.runFolder, rows };
  }

  function assertTransferWins(rows: SizeStudy['rows'], by: number): void {
    for (const { examples, value, reference } of rows) {
      assert.ok(value! > reference! + by, `${examples} examples: ${value} against ${reference}`);
    }
  }

  it('on digits that the base has never seen: with few of them it beats the same network from scratch', async () => {
    let solved = changed(await solvedBut(lesson), 'train: 400, test: 2_000', 'train: 60, test: 500');
    solved = changed(solved, /sizes: \[.*\]/, 'sizes: [20, 60]');
    const { folder, rows } = await study(bench.modelFile(solved));
    assert.deepEqual(
      rows.map(({ examples }) => examples),
      [20, 60],
    );
    assertTransferWins(rows, 0.03);

    // The body is still the base's, to the last bit.
    const { runs } = await listRuns(bench.runs);
    const weights = (run: string): Buffer[] => {
      const checkpoints = path.join(run, 'checkpoints');
      const last = path.join(checkpoints, fs.readdirSync(checkpoints).sort().at(-1)!);
      const bytes = fs.readFileSync(path.join(last, 'weights.bin'));
      const { weights: entries } = JSON.parse(fs.readFileSync(path.join(last, 'checkpoint.json'), 'utf8')) as {
        weights: { name: string; offset: number; bytes: number }[];
      };
      return entries
        .filter(({ name }) => name.startsWith('conv'))
        .map((entry) => bytes.subarray(entry.offset, entry.offset + entry.bytes));
    };
    const base = weights(runs.find(({ record }) => record.modelFile.endsWith('base.ts'))!.folder);
    assert.equal(base.length, 6);
    assert.deepEqual(weights(folder), base);

    // fine-tune.ts goes on from there, and moves the top of the body alone.
    const tuning = changed(read('fine-tune.ts'), 'epochs: 20', 'epochs: 1');
    const run = await bench.start(await bench.trainer(), bench.modelFile(tuning, 'fine-tune.ts'));
    assert.equal((await run.ended()).state, 'finished');
    const tuned = weights(run.runFolder);
    assert.deepEqual(
      tuned.filter((bytes) => base.some((other) => other.equals(bytes))).length,
      4,
      'conv1 and conv2 as they were',
    );
  });

  it('draws one curve, not two, as long as the exercises are unsolved', async () => {
    let stubs = changed(read('model.ts'), 'train: 400, test: 2_000', 'train: 60, test: 100');
    stubs = changed(changed(stubs, /sizes: \[.*\],/, ''), 'epochs: 20', 'epochs: 2');
    const run = await bench.start(await bench.trainer(), bench.modelFile(stubs));
    assert.equal((await run.ended()).state, 'finished');
    for (const { values } of await readPoints(run.runFolder)) {
      assert.ok(Math.abs(values['loss']! - values['reference_loss']!) < 1e-4 * Math.max(1, values['loss']!));
    }
  });

  it('on photographs, with a body that others have trained', async function () {
    if (!fs.existsSync(path.join(SHARED, 'cifar-10-batches-bin'))) {
      console.log('      skipped: ../shared/datasets is absent');
      this.skip();
    }
    let colour = changed(read('colour.ts'), 'train: 800, test: 1_000', 'train: 200, test: 200');
    colour = changed(changed(colour, /sizes: \[.*\]/, 'sizes: [200]'), 'epochs: 30', 'epochs: 15');
    const { folder, rows } = await study(bench.modelFile(colour));
    assertTransferWins(rows, 0.08);
    const artifact = fs.readFileSync(path.join(folder, 'artifacts', 'worstMistakes.json'), 'utf8');
    const mistakes = JSON.parse(artifact) as { width: number; channels: number; items: { pixels: string }[] };
    assert.deepEqual([mistakes.width, mistakes.channels], [32, 3]);
    assert.equal(Buffer.from(mistakes.items[0]!.pixels, 'base64').length, 32 * 32 * 3);
  });

  it('is lost when the base is not frozen: what the prose says of a free body', async () => {
    const solved = await solvedBut(lesson);
    const free = apply(
      solved,
      replaceAnswer(
        solved,
        'freeze',
        'export function freeze(model: tf.LayersModel): tf.LayersModel { return model; }',
      ),
    );
    let compared = changed(free, 'train: 400, test: 2_000', 'train: 60, test: 500');
    compared = changed(compared, /sizes: \[.*\]/, 'sizes: [20]');
    // Against a frozen one, from the same base.
    compared = changed(
      compared,
      "fromScratch(trained(base, './base.ts'), info)",
      "{ const own = trained(base, './base.ts'); for (const layer of own.layers) layer.trainable = false; return replaceHead(own, info.classes); }",
    );
    const { rows } = await study(bench.modelFile(compared));
    assert.ok(rows[0]!.reference! > rows[0]!.value! + 0.03, JSON.stringify(rows));
  });
});
