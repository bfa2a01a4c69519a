import assert from 'node:assert/strict';
import fs from 'node:fs';
import { Folder, MODEL, Program } from './program';

const NOTEBOOK = `# Two moons

\`\`\`ts
import { train } from 'deep-learning-lab';
import model from './model';
const run = await train(model, { epochs: 2 });
\`\`\`

It learns:

\`\`\`ts
run.history.loss.length
\`\`\`
`;

describe('npm run notebook', function () {
  this.timeout(120_000);
  let folder: Folder;
  beforeEach(() => (folder = new Folder()));
  afterEach(() => {
    folder.dispose();
  });

  const notebook = (...args: string[]): Program => new Program(['notebook', '--runs', folder.at('runs'), ...args]);

  it('runs the cells from top to bottom: a line of JSON a cell, and a summary at last', async () => {
    folder.write('model.ts', MODEL);
    const program = notebook(folder.write('moons.lab.md', NOTEBOOK), '--json');
    assert.equal(await program.ended, 0, program.stderr);
    const lines = program.lines;
    assert.deepEqual(
      lines.map(({ type, ok }) => [type, ok]),
      [
        ['cell', true],
        ['cell', true],
        ['summary', undefined],
      ],
    );
    const { cells, failed, seconds } = lines.at(-1)!;
    assert.deepEqual([cells, failed, typeof seconds], [2, 0, 'number']);
    assert.equal(fs.readdirSync(folder.at('runs')).length, 1, 'its training is a run like any other');
  });

  it('shows what cells show, and writes it for Jupyter and for a browser', async () => {
    folder.write('model.ts', MODEL);
    const file = folder.write('moons.lab.md', NOTEBOOK);
    const program = notebook(file, '--output', folder.at('moons.ipynb'));
    assert.equal(await program.ended, 0, program.stderr);
    assert.match(program.stdout, /^2$/m);
    const { nbformat, cells } = JSON.parse(fs.readFileSync(folder.at('moons.ipynb'), 'utf8')) as {
      readonly nbformat: number;
      readonly cells: readonly { readonly cell_type: string; readonly outputs?: readonly unknown[] }[];
    };
    assert.equal(nbformat, 4);
    assert.deepEqual(
      cells.map(({ cell_type: type, outputs = [] }) => [type, outputs.length]),
      [
        ['markdown', 0],
        ['code', 1],
        ['markdown', 0],
        ['code', 1],
      ],
    );
    const page = notebook(file, '--output', folder.at('moons.html'));
    assert.equal(await page.ended, 0, page.stderr);
    assert.match(fs.readFileSync(folder.at('moons.html'), 'utf8'), /<h1[^>]*>Two moons<\/h1>/);
    assert.equal(fs.readFileSync(file, 'utf8'), NOTEBOOK, 'the notebook itself is not written to');
  });

  it('ends at the first cell that fails, with its place, and the exit code 1', async () => {
    const file = folder.write('bad.lab.md', '```ts\nconst a = 1;\n\nnull.b\n```\n\n```ts\n2\n```\n');
    const program = notebook(file, '--json');
    assert.equal(await program.ended, 1);
    assert.deepEqual(
      program.lines.map(({ type, ok, failed }) => [type, ok ?? failed]),
      [
        ['cell', false],
        ['summary', 1],
      ],
    );
    assert.match(program.stderr, /null/);
    assert.doesNotMatch(program.stderr, /INTERNAL/);
  });

  it('says what is wrong with its arguments, and runs nothing', async () => {
    for (const args of [
      [],
      ['a', 'b'],
      ['no-such-lesson'],
      ['missing.lab.md'],
      ['neural-network', '--output', 'x.pdf'],
    ]) {
      const program = notebook(...args);
      assert.notEqual(await program.ended, 0, args.join(' '));
      assert.notEqual(program.stderr, '', args.join(' '));
      assert.doesNotMatch(program.stderr, /INTERNAL|at .*\.js:/, args.join(' '));
    }
    assert.equal(fs.existsSync(folder.at('runs')), false);
  });
});
