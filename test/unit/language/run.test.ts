/** `models.run`: text from the checkpoint of a run, on real kernels and trainers. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { LabErrorData } from '../../../src/protocol/errors';
import type { RunRecord } from '../../../src/protocol/run';
import { recordFile } from '../../../src/runFolder/layout';
import { MODEL } from '../cli/program';
import { Notebook } from '../kernel/support';
import { LETTERS } from './letters';

describe('models.run', function () {
  this.timeout(180_000);
  let notebook: Notebook;
  before(() => {
    notebook = new Notebook();
    notebook.write('own/letters.txt', 'abcdefghijklmnopqrstuvwxyz'.repeat(40));
  });
  after(() => notebook.dispose());

  /** @returns the run's id */
  async function train(name: string, source: string): Promise<string> {
    const trainer = await notebook.bench.trainer();
    const run = await notebook.bench.start(trainer, notebook.write(name, source), { overrides: { epochs: 2 } });
    const record = await run.ended();
    assert.equal(record.state, 'finished', JSON.stringify(record.end));
    return record.id;
  }

  const letters = once(() => train('own/letters.ts', LETTERS));
  const written = (run: string, prompt: string, options = ''): string => `
    const model = await models.run(${JSON.stringify(run)});
    let text = '';
    for await (const piece of model.generate(${JSON.stringify(prompt)}, { tokens: 12, ${options} })) text += piece.text;
    model.dispose();
    text`;
  const cell = (code: string): string => `{ const { models } = await import('deep-learning-lab'); ${code} }`;

  async function refused(code: string): Promise<LabErrorData> {
    const { end } = await notebook.run(cell(code));
    assert.ok(end.error, 'It was not refused.');
    return end.error;
  }

  it('writes what it has learned, further than its window reaches; drawn by the seed', async () => {
    const id = await letters();
    assert.equal(await notebook.value(cell(written(id, 'wxyz'))), 'abcdefghijkl');
    const drawn = (seed: number) => notebook.value(cell(written(id, 'wxyz', `temperature: 100, seed: ${seed}`)));
    const [first, again, other] = [await drawn(1), await drawn(1), await drawn(2)];
    assert.equal(first, again);
    assert.notEqual(first, other);
    assert.match(first ?? '', /^[a-z]{12}$/);
  });

  it('scores each token of the vocabulary, and leaves no tensor', async () => {
    const id = await letters();
    const code = `
      const { tf } = await import('deep-learning-lab');
      const model = await models.run(${JSON.stringify(path.join('.lab', 'runs', id))});
      const before = tf.memory().numTensors;
      const scores = await model.scores(model.encode('abc'));
      const best = model.decode([scores.indexOf(Math.max(...scores))]);
      const grown = tf.memory().numTensors - before;
      const { name, vocabulary, context } = model;
      model.dispose();
      [name, vocabulary, context, scores.length, best, grown].join()`;
    assert.equal(await notebook.value(cell(code)), 'Letters,28,8,28,d,0');
  });

  it('a prompt that is empty, too long, or has what the vocabulary lacks is refused', async () => {
    const id = await letters();
    for (const [prompt, code, found] of [
      ['', 'PROMPT_INVALID', '0'],
      ['abcdefghi', 'PROMPT_INVALID', '9'],
      ['ab!', 'TEXT_UNKNOWN', '"!"'],
    ] as const) {
      const error = await refused(written(id, prompt));
      assert.deepEqual([error.code, error.found], [code, found]);
    }
  });

  it('runs the source that was trained, not what the file became; an import that no longer fits is refused', async () => {
    const size = (extra: number): string => `export const extra = ${extra};\n`;
    notebook.write('own/size.ts', size(0));
    const model = LETTERS.replace('const data', "import { extra } from './size';\nconst data").replace(
      'tf.zeros([data',
      'tf.zeros([extra + data',
    );
    const id = await train('own/changed.ts', model);
    notebook.write('own/changed.ts', 'export default 1;');
    assert.equal(await notebook.value(cell(written(id, 'wxyz'))), 'abcdefghijkl');
    notebook.write('own/size.ts', size(1));
    assert.equal((await refused(written(id, 'wxyz'))).code, 'CHECKPOINT_OTHER_MODEL');
  });

  it('no run, a run without a checkpoint, one of another kind, one of a cell, one that came with its folder', async () => {
    assert.equal((await refused(written('none', 'a'))).code, 'RUN_MISSING');
    const other = await refused(written(await train('moons.ts', MODEL), 'a'));
    assert.deepEqual([other.code, other.found], ['RUN_NO_TEXT', 'Moons']);

    const id = await letters();
    const folder = path.join(notebook.bench.runs, id);
    const record = JSON.parse(fs.readFileSync(recordFile(folder), 'utf8')) as RunRecord;
    fs.writeFileSync(recordFile(folder), JSON.stringify({ ...record, checkpoints: [] }));
    assert.equal((await refused(written(id, 'a'))).code, 'CHECKPOINT_NONE');
    fs.writeFileSync(recordFile(folder), JSON.stringify({ ...record, modelFile: notebook.file }));
    assert.equal((await refused(written(id, 'a'))).code, 'RUN_NO_TEXT');
    fs.writeFileSync(recordFile(folder), JSON.stringify(record));

    fs.cpSync(folder, path.join(notebook.bench.runs, 'copied'), { recursive: true });
    assert.equal((await refused(written('copied', 'a'))).code, 'RUN_FOREIGN');
  });
});

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
