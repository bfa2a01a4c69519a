/** What holds for every exercise of every lesson, graded for real in the same runner as the learner's. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { solutionOf } from '../../../src/client/exercises/given';
import { grade } from '../../../src/client/exercises/grade';
import type { Exercise, ExerciseVerdict } from '../../../src/protocol/exercise';
import { Bench } from '../trainer/support';
import { exercisesOf, homeOf, lessons, moduleWith, wrongAnswers, type SampleLesson } from './samples';

for (const lesson of lessons) {
  describe(`the exercises of ${lesson.id}`, function () {
    this.timeout(300_000);
    const bench = new Bench();
    const worker = bench.worker({ role: 'grading' });
    after(() => bench.dispose());

    const verdictOn = async (exercise: Exercise, source: string): Promise<ExerciseVerdict> => {
      return await grade({ exercise, modelFile: homeOf(lesson, exercise), source }, { worker });
    };

    for (const folder of fs.readdirSync(path.join(lesson.folder, 'exercises')).filter((name) => /^\d+-/.test(name))) {
      describe(folder, () => {
        let exercise: Exercise;
        before(async () => {
          exercise = (await exercisesOf(lesson)).find((candidate) => candidate.folder.endsWith(folder))!;
        });

        it('fails for the stub', async () => {
          const verdict = await verdictOn(exercise, await moduleWith(lesson, exercise));
          assert.equal(verdict.error, undefined);
          assert.equal(verdict.passed, false);
        });

        it('passes for the solution', async () => {
          const verdict = await verdictOn(exercise, await moduleWith(lesson, exercise, await solutionOf(exercise)));
          assert.deepEqual(
            verdict.checks.filter(({ status }) => status !== 'passed'),
            [],
          );
          assert.equal(verdict.passed, true);
        });

        it('answers at least three typical wrong answers with a message of their own', async () => {
          const wrong = wrongAnswers(exercise);
          assert.ok(new Set(wrong.map(({ mistake }) => mistake)).size >= 3);
          for (const { file, mistake, answer } of wrong) {
            const { checks, error } = await verdictOn(exercise, await moduleWith(lesson, exercise, answer));
            assert.equal(error, undefined, file);
            const messages = checks.filter(({ status }) => status === 'failed').map(({ message }) => message);
            assert.ok(exercise.mistakes[mistake] !== undefined, `${file}: ${mistake} has no message`);
            assert.ok(messages.includes(exercise.mistakes[mistake]), `${file}: ${JSON.stringify(checks, null, 2)}`);
          }
        });

        it('gives hints that do not contain the solution', async () => {
          const secrets = secretsOf(await solutionOf(exercise));
          assert.ok(secrets.length > 0, 'nothing of the solution is looked for');
          for (const locale of ['en', 'zh-cn']) {
            const { hints } = (await exercisesOf(lesson, locale)).find(({ id }) => id === exercise.id)!;
            for (const secret of secrets) assert.ok(!tells(hints, secret), `${locale}: ${secret}`);
          }
        });

        it('says everything in both languages', async () => {
          await assertTranslated(lesson, exercise);
        });
      });
    }
  });
}

describe('the look for a solution in hints', () => {
  it('finds the value of a constant, as a number of its own', () => {
    const [value = ''] = secretsOf('export const rate = 0.5;');
    assert.equal(value, '0.5');
    assert.ok(tells(['Take 0.5.'], value) && tells(['取0.5。'], value));
    assert.ok(!tells(['10.5, 0.55 or 0.5.1'], value));
  });

  it('finds each line of a function, also in the first hint, however it is spaced', () => {
    const secrets = secretsOf('export function f(x: tf.Tensor): tf.Tensor {\n  return tf.div( x, 1 - rate );\n}');
    assert.deepEqual(secrets, ['tf.div(x,1-rate)']);
    assert.ok(tells(['Write tf.div(x, 1 - rate).', 'Another.'], secrets[0]!));
    assert.ok(!tells(['tf.div divides.', 'x, 1 - rate'], secrets[0]!));
  });
});

/** Shorter code is a word, such as a name. */
const SHORT = 12;
const squeeze = (text: string): string => text.replace(/\s+/g, '');

/** What no hint may say: the value of a constant, or the lines of a function that compute something, without blanks. */
function secretsOf(solution: string): string[] {
  const constant = /^export const \w+(?:: [^=]+)? = ([^;]+);$/.exec(solution.trim())?.[1];
  if (constant !== undefined) return [squeeze(constant)];
  const [, ...body] = solution.split('\n');
  return body.map((line) => squeeze(line.replace(/^\s*return\b|;\s*$/g, ''))).filter(({ length }) => length > SHORT);
}

function tells(hints: readonly string[], secret: string): boolean {
  if (secret.length > SHORT) return hints.some((hint) => squeeze(hint).includes(secret));
  const word = secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return hints.some((hint) => new RegExp(`(?<![\\w.])${word}(?!\\w|\\.\\w)`).test(hint));
}

async function assertTranslated(lesson: SampleLesson, exercise: Exercise): Promise<void> {
  assert.ok(fs.existsSync(path.join(exercise.folder, 'exercise.zh-cn.md')));
  const chinese = (await exercisesOf(lesson, 'zh-cn')).find(({ id }) => id === exercise.id)!;
  const hasChinese = /[\u4e00-\u9fff]/;
  for (const text of [chinese.title, chinese.task, ...chinese.hints, ...chinese.checks.map(({ title }) => title)]) {
    assert.match(text, hasChinese);
  }
  assert.equal(chinese.hints.length, exercise.hints.length);
  assert.equal(chinese.read.length, exercise.read.length);
  assert.deepEqual(Object.keys(chinese.mistakes), Object.keys(exercise.mistakes));
  for (const [key, text] of Object.entries(chinese.mistakes)) assert.match(text, hasChinese, key);
}
