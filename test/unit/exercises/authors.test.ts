/** What holds for every exercise of every lesson, graded for real in the same runner as the learner's. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { apply, replaceAnswer, solutionOf } from '../../../src/client/exercises/answer';
import { grade } from '../../../src/client/exercises/grade';
import type { Exercise, ExerciseVerdict } from '../../../src/protocol/exercise';
import { Bench } from '../trainer/support';
import { exercisesOf, lessons, modelFileOf, solvedBut, wrongAnswers, type SampleLesson } from './samples';

for (const lesson of lessons) {
  describe(`the exercises of ${lesson.id}`, function () {
    this.timeout(300_000);
    const bench = new Bench();
    after(() => bench.dispose());

    const verdictOn = async (exercise: Exercise, source: string): Promise<ExerciseVerdict> => {
      const open = (): ReturnType<Bench['trainer']> => bench.trainer({ role: 'grader', idleSeconds: 30 });
      return grade({ exercise, modelFile: modelFileOf(lesson), source }, { open });
    };

    for (const folder of fs.readdirSync(path.join(lesson.folder, 'exercises')).filter((name) => /^\d+-/.test(name))) {
      describe(folder, () => {
        let exercise: Exercise;
        let others: string;
        before(async () => {
          exercise = (await exercisesOf(lesson)).find((candidate) => candidate.folder.endsWith(folder))!;
          others = await solvedBut(lesson, exercise);
        });

        it('fails for the stub', async () => {
          const verdict = await verdictOn(exercise, others);
          assert.equal(verdict.error, undefined);
          assert.equal(verdict.passed, false);
        });

        it('passes for the solution', async () => {
          const verdict = await verdictOn(exercise, await solvedBut(lesson));
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
            const source = apply(others, replaceAnswer(others, exercise.name, answer));
            const { checks, error } = await verdictOn(exercise, source);
            assert.equal(error, undefined, file);
            const messages = checks.filter(({ status }) => status === 'failed').map(({ message }) => message);
            assert.ok(exercise.mistakes[mistake] !== undefined, `${file}: ${mistake} has no message`);
            assert.ok(messages.includes(exercise.mistakes[mistake]), `${file}: ${JSON.stringify(checks, null, 2)}`);
          }
        });

        it('gives hints that do not contain the solution', async () => {
          const solution = code(await solutionOf(exercise));
          for (const locale of ['en', 'zh-cn']) {
            const { hints } = (await exercisesOf(lesson, locale)).find(({ id }) => id === exercise.id)!;
            for (const line of solution)
              assert.ok(!code(hints.join('\n')).join('').includes(line), `${locale}: ${line}`);
          }
        });

        it('says everything in both languages', async () => {
          await assertTranslated(lesson, exercise);
        });
      });
    }
  });
}

/** The lines that compute something, without blanks. */
function code(text: string): string[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/\s+|^return|;$/g, ''))
    .filter((line) => line.length > 12);
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
