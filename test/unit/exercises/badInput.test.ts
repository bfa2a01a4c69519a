/** What learners and authors can break: each gets a clear verdict at the right place, and no text is touched. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findExercise, readExercises } from '../../../src/client/exercises/definition';
import { grade } from '../../../src/client/exercises/grade';
import { Worker } from '../../../src/client/processes/worker';
import { LabError } from '../../../src/protocol/errors';
import type { Exercise, ExerciseVerdict } from '../../../src/protocol/exercise';
import { Bench } from '../trainer/support';
import { exercisesOf, lessons, solvedBut } from './samples';

const lesson = lessons.find(({ id }) => id === 'backpropagation')!;
const STUB = 'return tf.scalar(0); // your code';

describe('a broken answer', function () {
  this.timeout(120_000);
  const bench = new Bench();
  const worker = bench.worker({ role: 'grading' });
  let exercise: Exercise;
  let text: string;
  before(async () => {
    exercise = (await exercisesOf(lesson)).find(({ id }) => id === 'loss')!;
    text = await solvedBut(lesson, exercise);
    assert.ok(text.includes(STUB));
  });
  after(() => bench.dispose());

  const check = async (source: string): Promise<ExerciseVerdict> => {
    const modelFile = bench.modelFile(source);
    const verdict = await grade({ exercise, modelFile }, { worker });
    assert.equal(fs.readFileSync(modelFile, 'utf8'), source);
    assert.equal(verdict.passed, false);
    return verdict;
  };
  const withBody = (body: string): string => text.replace(STUB, body);
  const lineOf = (source: string, part: string): number => source.slice(0, source.indexOf(part)).split('\n').length;

  it('is missing: every check says so, and how to get it back', async () => {
    const { error, checks } = await check(
      text.replace(/export function loss[\s\S]*?\n}\n/, '').replaceAll('loss(', 'Math.max('),
    );
    assert.equal(error?.code, 'EXERCISE_EXPORT');
    assert.match(error.message, /'loss'/);
    assert.match(error.remedy ?? '', /reset this exercise/);
    assert.ok(checks.every(({ status }) => status === 'notRun'));
  });

  it('was renamed: the new name is found', async () => {
    const { error } = await check(text.replaceAll(/\bloss\(/g, 'losss('));
    assert.equal(error?.code, 'EXERCISE_EXPORT');
    assert.match(error.remedy ?? '', /'losss'/);
  });

  it('is no longer exported: at its line', async () => {
    const source = text.replace('export function loss', 'function loss');
    const { error } = await check(source);
    assert.match(error?.message ?? '', /not exported/);
    assert.equal(error?.location?.line, lineOf(source, 'function loss'));
  });

  it('is no function', async () => {
    const { error } = await check(text.replace(/export function loss[\s\S]*?\n}\n/, 'export const loss: any = 3;\n'));
    assert.deepEqual([error?.code, error?.expected, error?.found], ['EXERCISE_KIND', 'a function', '3']);
  });

  for (const [what, body, message, found] of [
    ['nothing', '', /returns nothing/, 'nothing'],
    ['a number', 'return 0.7 as any;', /not a tensor/, '0.7'],
    ['a promise', 'return Promise.resolve(tf.scalar(1)) as any;', /promise/, 'a promise'],
    ['another shape', 'return tf.zeros([3, 2]);', /right shape/, 'shape [3, 2]'],
    ['NaN', 'return tf.log(tf.scalar(-1));', /not a finite number/, 'NaN'],
    ['what it has freed', 'const y = tf.scalar(1); y.dispose(); return y;', /freed/, 'a disposed tensor'],
  ] as const) {
    it(`returns ${what}`, async () => {
      const { checks, error } = await check(withBody(body));
      assert.equal(error, undefined);
      const [first] = checks;
      assert.equal(first?.status, 'failed');
      assert.match(first.message ?? '', message);
      assert.equal(first.found, found);
      assert.ok((first.expected ?? '') !== '' && (first.input ?? '') !== '');
    });
  }

  it("frees what it was given: its own mistake, not the exercise's", async () => {
    const { checks, error } = await check(withBody('logits.dispose(); return tf.scalar(1);'));
    assert.equal(error, undefined);
    for (const { status, message, found, input } of checks) {
      assert.equal(status, 'failed');
      assert.match(message ?? '', /frees a tensor that it was given/);
      assert.equal(found, 'a disposed tensor');
      assert.match(input ?? '', /^argument 1, shape \[/);
    }
  });

  it('throws: at the line that throws', async () => {
    const source = withBody("throw new Error('not yet');");
    const { checks } = await check(source);
    assert.ok(checks.every(({ status }) => status === 'failed'));
    assert.match(checks[0]?.message ?? '', /not yet/);
    assert.equal(checks[0]?.location?.line, lineOf(source, 'throw new Error'));
  });

  it('multiplies shapes that do not fit: at the line that does', async () => {
    const source = withBody('return tf.sum(tf.matMul(logits, logits));');
    const { checks } = await check(source);
    const random = checks.find(({ id }) => id === 'random');
    assert.equal(random?.location?.line, lineOf(source, 'tf.matMul(logits, logits)'));
  });

  it('is not TypeScript: at the place', async () => {
    const source = withBody('return tf.scalar(;');
    const { error } = await check(source);
    assert.equal(error?.code, 'MODEL_SYNTAX');
    assert.equal(error.location?.line, lineOf(source, 'tf.scalar(;'));
  });

  it('lost its imports: at the line that misses them', async () => {
    const broken = withBody('return tf.sum(logits);').replace(
      /^import .*$/m,
      "import { datasets, experiment, losses } from 'deep-learning-lab';",
    );
    const { checks } = await check(broken);
    assert.match(checks[0]?.message ?? '', /tf is not defined/);
    assert.equal(checks[0]?.location?.line, lineOf(broken, 'return tf.sum(logits)'));
  });

  it('never ends: its checks time out, the others still get their verdicts', async () => {
    const { checks, error } = await check(withBody('while (logits.shape[0] === 2) {}\n  return tf.scalar(0);'));
    assert.equal(error, undefined);
    assert.deepEqual(
      checks.map(({ status }) => status),
      ['timedOut', 'failed', 'failed'],
    );
    assert.match(checks[0]?.message ?? '', /loop that never ends/);
  });

  it('ends the process that grades: what it says is about the check, not about a training', async () => {
    const { error, checks } = await check(
      withBody("require('child_process').execSync('kill -9 ' + process.pid);\n  return tf.scalar(0);"),
    );
    assert.equal(error?.code, 'TRAINER_DIED');
    assert.match(error.message, /checks the exercise/);
    assert.doesNotMatch(error.remedy ?? '', /checkpoint/);
    assert.ok(checks.every(({ status }) => status === 'notRun'));
  });

  it('calls process.exit(): that check fails with its line, and the others are run', async () => {
    const broken = withBody('process.exit(0);\n  return tf.scalar(0);');
    const { error, checks } = await check(broken);
    assert.equal(error, undefined);
    assert.match(checks[0]?.message ?? '', /process\.exit\(\)/);
    assert.equal(checks[0]?.location?.line, lineOf(broken, 'process.exit(0)'));
    assert.ok(checks.every(({ status }) => status === 'failed'));
  });

  it('hinders the whole file from being read', async () => {
    const { error, checks } = await check(`${text}\nfor (;;) {}\n`);
    assert.equal(error?.code, 'EXERCISE_TIMEOUT');
    assert.ok(checks.every(({ status }) => status === 'notRun'));
  });

  it('is in a file that is gone', async () => {
    const modelFile = path.join(bench.folder, 'gone.ts');
    const verdict = await grade({ exercise, modelFile }, { worker });
    assert.equal(verdict.error?.code, 'MODEL_FILE_MISSING');
  });

  it('is graded from the editor, where that is newer than the file', async () => {
    const modelFile = bench.modelFile(text);
    const verdict = await grade({ exercise, modelFile, source: await solvedBut(lesson) }, { worker });
    assert.equal(verdict.passed, true);
  });

  it('can be called off', async () => {
    const controller = new AbortController();
    const modelFile = bench.modelFile(withBody('while (logits.shape[0] === 2) {}\n  return tf.scalar(0);'));
    const onStart = (): void => {
      controller.abort();
    };
    await assert.rejects(
      grade({ exercise, modelFile }, { worker, signal: controller.signal, onStart }),
      (error: LabError) => error.code === 'CANCELLED',
    );
  });

  it('can be called off while the process that grades is being started', async () => {
    const controller = new AbortController();
    const modelFile = bench.modelFile(text);
    const started: string[] = [];
    const starting = new Worker(() => {
      controller.abort();
      return bench.options({ role: 'grading' });
    });
    await assert.rejects(
      grade(
        { exercise, modelFile },
        { worker: starting, signal: controller.signal, onStart: ({ id }) => started.push(id) },
      ),
      (error: LabError) => error.code === 'CANCELLED',
    );
    assert.deepEqual(started, []);
  });
});

describe('a broken exercise', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-exercises-'));
  const own = { id: 'test', folder };
  const first = path.join(folder, 'exercises', '01-loss');
  beforeEach(() => {
    fs.rmSync(path.join(folder, 'exercises'), { recursive: true, force: true });
    fs.cpSync(path.join(lesson.folder, 'exercises'), path.join(folder, 'exercises'), { recursive: true });
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const edit = (from: RegExp, to: string): void => {
    const file = path.join(first, 'exercise.md');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(from, to));
  };

  for (const [what, breakIt, file, line, message] of [
    [
      'without front matter',
      () => {
        edit(/^---\n/, '');
      },
      'exercise.md',
      1,
      /front matter/,
    ],
    [
      'with front matter that is not YAML',
      () => {
        edit(/^title: .*/m, 'title: [x');
      },
      'exercise.md',
      undefined,
      /not YAML/,
    ],
    [
      'without a name',
      () => {
        edit(/^name: .*\n/m, '');
      },
      'exercise.md',
      1,
      /"name"/,
    ],
    [
      'with a single hint',
      () => {
        edit(/hints:\n[\s\S]*?read:/, 'hints:\n  - "one"\nread:');
      },
      'exercise.md',
      5,
      /"hints"/,
    ],
    [
      'with a check without a term',
      () => {
        edit(/ {4}term: log-sum-exp\n/, '');
      },
      'exercise.md',
      undefined,
      /"checks"/,
    ],
    [
      'without checks.ts',
      () => {
        fs.rmSync(path.join(first, 'checks.ts'));
      },
      'checks.ts',
      1,
      /cannot be read/,
    ],
    [
      'without solution.ts',
      () => {
        fs.rmSync(path.join(first, 'solution.ts'));
      },
      'solution.ts',
      1,
      /cannot be read/,
    ],
  ] as const) {
    it(`${what} is named with its place, and hides no other`, async () => {
      breakIt();
      const { exercises, problems } = await readExercises(own);
      assert.equal(exercises.length, 4);
      assert.equal(problems.length, 1);
      assert.equal(problems[0]?.code, 'LESSON_INVALID');
      assert.equal(path.basename(problems[0].location?.file ?? ''), file);
      if (line !== undefined) assert.equal(problems[0].location?.line, line);
      assert.match(problems[0].message, message);
      await assert.rejects(findExercise(own, 'loss'), (error: LabError) => error.code === 'LESSON_INVALID');
    });
  }

  it('is in its place by its number, whatever the number of digits', async () => {
    const ids = (await readExercises(own)).exercises.map(({ id }) => id);
    fs.renameSync(first, path.join(folder, 'exercises', '10-loss'));
    assert.deepEqual(
      (await readExercises(own)).exercises.map(({ id }) => id),
      [...ids.slice(1), ids[0]],
    );
    fs.renameSync(path.join(folder, 'exercises', '02-output-gradient'), path.join(folder, 'exercises', '9-last'));
    const again = (await readExercises(own)).exercises.map(({ id }) => id);
    assert.deepEqual(again.slice(-2), ['last', 'loss']);
  });

  it('of an id that is there already is refused, with both folders; the first one stays', async () => {
    fs.cpSync(first, path.join(folder, 'exercises', '07-loss'), { recursive: true });
    const { exercises, problems } = await readExercises(own);
    assert.equal(exercises.filter(({ id }) => id === 'loss').length, 1);
    assert.equal(exercises[0]?.folder, first);
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.code, 'LESSON_INVALID');
    assert.match(problems[0].message, /"loss".*01-loss.*07-loss/);
    assert.equal(problems[0].location?.file, path.join(folder, 'exercises', '07-loss', 'exercise.md'));
  });

  it('that does not exist is answered with those that do', async () => {
    await assert.rejects(
      findExercise(own, 'lost'),
      (error: LabError) => error.code === 'EXERCISE_UNKNOWN' && (error.data.expected ?? '').includes('hidden-gradient'),
    );
  });

  it('whose checks throw is not blamed on the learner', async function () {
    this.timeout(60_000);
    const bench = new Bench();
    try {
      fs.writeFileSync(path.join(first, 'checks.ts'), "throw new Error('typo');\nexport default 1;\n");
      const exercise = await findExercise(own, 'loss');
      const modelFile = bench.modelFile(await solvedBut(lesson));
      const { error } = await grade({ exercise, modelFile }, { worker: bench.worker({ role: 'grading' }) });
      assert.equal(error?.code, 'EXERCISE_FAULT');
      assert.equal(error.location?.file, path.join(first, 'checks.ts'));
      assert.match(error.remedy ?? '', /not the cause/);
    } finally {
      await bench.dispose();
    }
  });
});
