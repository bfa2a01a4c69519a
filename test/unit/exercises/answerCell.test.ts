/** Exercises whose code stands in a cell: found by its fence, graded as a module of its own. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { answerCellIn, answerModule, answerModuleIn } from '../../../src/client/exercises/answerCell';
import { findExercise } from '../../../src/client/exercises/definition';
import { readNotebook } from '../../../src/notebook/document';
import { LabError } from '../../../src/protocol/errors';
import type { Exercise } from '../../../src/protocol/exercise';
import { Folder, Program } from '../cli/program';
import { lessons, moduleWith } from './samples';

const lesson = lessons.find(({ id }) => id === 'neural-network')!;
const notebook = fs.readFileSync(lesson.notebook, 'utf8');
const SOLVED = `function softmax(z: tf.Tensor2D) { return tf.softmax(z); }`;

describe('an answer in a cell', () => {
  let exercise: Exercise;
  before(async () => {
    exercise = await findExercise(lesson, 'softmax');
  });

  it('is the cell whose fence names the exercise, in both languages', () => {
    for (const name of ['lesson.lab.md', 'lesson.zh-cn.lab.md']) {
      const { cells } = readNotebook(fs.readFileSync(`${lesson.folder}/${name}`, 'utf8'));
      assert.match(cells[answerCellIn(cells, exercise)]?.text ?? '', /^function softmax\(/, name);
    }
    assert.equal(answerCellIn(readNotebook('```ts\nsoftmax\n```\n').cells, exercise), -1);
  });

  it('is a module with what the cells above import and it does not declare itself, every name once', () => {
    const above = [
      "import { tf, train } from 'deep-learning-lab';\nawait train(await import('./model'));",
      "import model, { type Row, data as rows } from './model';\nimport * as fs from 'node:fs';",
      "import { tf } from 'another';",
    ];
    const module = answerModule(
      "import { train } from './mine';\nconst { data: model } = { data: 1 };\n" + SOLVED,
      above,
      { name: 'softmax' },
    );
    const [, behind = ''] = module.split(`${SOLVED}\n;`);
    assert.deepEqual(behind.trim().split('\n'), [
      'export { softmax };',
      'import { tf as tf } from "another";',
      'import { data as rows } from "./model";',
      'import * as fs from "node:fs";',
    ]);
  });

  it('exports nothing twice, and nothing that is not there', () => {
    assert.equal(answerModule(`export ${SOLVED}`, [], { name: 'softmax' }), `export ${SOLVED}\n;`);
    assert.equal(answerModule('const other = 1;', [], { name: 'softmax' }), 'const other = 1;\n;');
  });

  it('has the lines of its file', async () => {
    const line = (text: string): number => text.split('\n').findIndex((one) => one.includes('function softmax('));
    assert.equal(line(await moduleWith(lesson, exercise)), line(notebook));
    const windows = notebook.replace(/\n/g, '\r\n');
    assert.equal(line(answerModuleIn(windows, lesson.notebook, exercise)), line(notebook));
  });

  it('that is gone is an error that says how to get it back', () => {
    assert.throws(
      () => answerModuleIn('# Nothing\n', '/a/lesson.lab.md', exercise),
      (error: unknown) => error instanceof LabError && error.data.code === 'EXERCISE_CELL',
    );
  });
});

describe('npm run check', function () {
  this.timeout(120_000);
  let folder: Folder;
  beforeEach(() => (folder = new Folder()));
  afterEach(() => {
    folder.dispose();
  });

  const check = async (text: string): Promise<{ code: number | null; program: Program }> => {
    const program = new Program(['check', 'neural-network', '--file', folder.write('mine.lab.md', text), '--json']);
    return { code: await program.ended, program };
  };
  const withCell = (answer: string): string => notebook.replace(/function softmax\([\s\S]*?\n\}/, answer);

  it('grades the cell of a notebook: what it begins with is wrong, the solution right', async () => {
    const stub = await check(notebook);
    assert.equal(stub.code, 1, stub.program.stderr);
    const [verdict] = stub.program.lines as { exercise?: string; checks?: { message: string }[] }[];
    assert.equal(verdict?.exercise, 'softmax');
    assert.match(verdict.checks?.[0]?.message ?? '', /the numbers that came in/);
    const solved = await check(withCell(SOLVED));
    assert.equal(solved.code, 0, solved.program.stdout);
  });

  it('says at which line of the notebook the code of a cell throws', async () => {
    const text = withCell('function softmax(z: tf.Tensor2D): tf.Tensor {\n  return nowhere(z);\n}');
    const { program } = await check(text);
    const [verdict] = program.lines as { checks?: { location?: { file: string; line: number } }[] }[];
    const { file, line } = verdict?.checks?.[0]?.location ?? {};
    assert.match(file ?? '', /mine\.lab\.md$/);
    assert.equal(text.split('\n')[(line ?? 0) - 1], '  return nowhere(z);');
  });
});
