/** Every exercise's solution is right on the WebAssembly engine, too: the same checks as on TensorFlow. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { solutionOf } from '../../../src/client/exercises/given';
import { grade } from '../../../src/client/exercises/grade';
import { seedOfRun, some } from '../../support/sample';
import { exercisesOf, homeOf, lessons, moduleWith } from '../exercises/samples';
import { Bench } from '../trainer/support';

/** Those that train whole models: 15 to 25 s each, with --full only. */
const LONG: ReadonlySet<string> = new Set(['04-rate', '03-from-scratch', '04-fine-tuning']);

const EXERCISES = lessons.flatMap((lesson) =>
  fs
    .readdirSync(path.join(lesson.folder, 'exercises'))
    .filter((folder) => /^\d+-/.test(folder) && (seedOfRun() === undefined || !LONG.has(folder)))
    .map((folder) => ({ lesson, folder })),
);

describe('on the WebAssembly engine', function () {
  this.timeout(240_000);
  const bench = new Bench();
  const worker = bench.worker({ role: 'grading', engine: 'wasm' });
  after(() => bench.dispose());

  for (const { lesson, folder } of some(EXERCISES, 4))
    it(`the solution of ${lesson.id} ${folder} passes every check`, async () => {
      const exercise = (await exercisesOf(lesson)).find((candidate) => candidate.folder.endsWith(folder))!;
      const source = await moduleWith(lesson, exercise, await solutionOf(exercise));
      const verdict = await grade({ exercise, modelFile: homeOf(lesson, exercise), source }, { worker });
      assert.equal(verdict.error, undefined);
      assert.deepEqual(
        verdict.checks.filter(({ status }) => status !== 'passed'),
        [],
      );
      assert.ok(verdict.passed);
    });
});
