/** Code of a learner's that ends the process, or lets an error fall where nobody waits: an error of theirs, with its place. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { readRun } from '../../src/runFolder/runs';
import { sample, seedOfRun, some } from '../support/sample';
import { Program, MODEL } from '../unit/cli/program';
import { Bench, spirals } from '../unit/trainer/support';
import { file, lineOf, modelPath, runToEnd } from './support';

const endless = { epochs: 1_000_000 };

/** Where the code stands. */
const PLACES: Readonly<Record<string, (code: string) => string>> = {
  'at its top': (code) => file(code),
  'in its model': (code) =>
    file('').replace('tf.sequential({', `(() => { ${code} return undefined as any; })() ?? tf.sequential({`),
  'in its loss': (code) =>
    file('').replace(
      "'sparseCategoricalCrossentropy'",
      `{ name: 'mine', fromLogits: false, compute: (y: tf.Tensor, p: tf.Tensor) => { ${code} return tf.mean(p); } }`,
    ),
  'in a timer while it trains': (code) => file(`setTimeout(() => { ${code} }, 300);`, endless),
  'in a promise while it trains': (code) =>
    file(`void (async () => { await new Promise((r) => setTimeout(r, 300)); ${code} })();`, endless),
  'after an await that never ends': (code) =>
    file(`setTimeout(() => { ${code} }, 300);`).replace(
      'data: datasets.spirals({ train: 96, test: 60 })',
      'data: { ...datasets.spirals({ train: 96, test: 60 }), load: () => new Promise<never>(() => {}) }',
    ),
};

const WAYS = {
  'process.exit(0)': 'process.exit(0);',
  'process.exit(3)': 'process.exit(3);',
  'process.abort()': 'process.abort();',
  'process.kill(process.pid)': "process.kill(process.pid, 'SIGKILL');",
  'a throw': "throw new RangeError('mine');",
} as const;

describe('an end of a model file', function () {
  this.timeout(180_000);
  let bench: Bench;
  before(() => (bench = new Bench()));
  after(() => bench.dispose());

  for (const { place, way } of sample({
    place: Object.keys(PLACES),
    way: Object.keys(WAYS) as (keyof typeof WAYS)[],
  })) {
    it(`by ${way} ${place} is an error of the learner's at its line, and the next file runs`, async () => {
      const text = PLACES[place]!(WAYS[way]);
      const { record } = await runToEnd(bench, text);
      assert.equal(record.state, 'failed', JSON.stringify(record.end));
      const error = record.end?.error;
      assert.equal(error?.code, way === 'a throw' ? 'MODEL_THREW' : 'MODEL_EXIT', JSON.stringify(error));
      assert.equal(error.location?.file, modelPath(bench));
      assert.equal(error.location.line, lineOf(text, WAYS[way]));
      const next = await runToEnd(bench, spirals({ epochs: 1 }));
      assert.equal(next.record.state, 'finished', JSON.stringify(next.record.end));
    });
  }

  const UNHEARD: readonly { readonly what: string; readonly code: string; readonly place: boolean }[] = [
    { what: 'an Error', code: "void Promise.reject(new Error('mine'));", place: true },
    { what: 'a text', code: "void Promise.reject('mine');", place: false },
    { what: 'a file that is missing', code: "void require('fs').promises.readFile('/no/such/file');", place: false },
    { what: 'null in a timer', code: 'setTimeout(() => { throw null; }, 50);', place: false },
    { what: "an event 'error' that nobody hears", code: "require('net').connect('/no/such/socket');", place: false },
  ];
  for (const { what, code, place } of some(UNHEARD, 2)) {
    it(`by a rejection or event that nobody awaits, ${what}, ends its run`, async () => {
      const text = file(code, endless);
      const { record } = await runToEnd(bench, text);
      assert.equal(record.state, 'failed', JSON.stringify(record.end));
      assert.equal(record.end?.error?.code, 'MODEL_THREW', JSON.stringify(record.end?.error));
      if (place) assert.equal(record.end.error.location?.line, lineOf(text, code));
      assert.equal((await runToEnd(bench, spirals({ epochs: 1 }))).record.state, 'finished');
    });
  }

  const AFTERWARDS: readonly { readonly what: string; readonly code: string }[] = [
    { what: 'process.exit(0)', code: 'setTimeout(() => process.exit(0), 100);' },
    { what: 'a throw', code: "setTimeout(() => { throw new Error('late'); }, 100);" },
    { what: 'a loop that never ends', code: 'setTimeout(() => { for (;;); }, 3000);' },
  ];
  for (const { what, code } of some(AFTERWARDS, 2)) {
    it(`by ${what} after its run holds up nobody`, async () => {
      const { record } = await runToEnd(bench, file(code));
      assert.ok(['finished', 'failed'].includes(record.state), JSON.stringify(record.end));
      assert.equal((await runToEnd(bench, spirals({ epochs: 1 }))).record.state, 'finished');
    });
  }

  // Twelve seconds of waiting: with --full, and where --grep names it.
  const whole = seedOfRun() === undefined ? it : it.skip;
  whole('by a loop that never ends in a timer that nothing waits for ends the process, which says so', async () => {
    const trainer = await bench.trainer();
    // It begins some turns after the run was over, however long that takes.
    const late = `let turns = 0;
    setInterval(() => {
      const fs = require('fs');
      const runs = ${JSON.stringify(bench.runs)};
      const records = fs.readdirSync(runs).map((run: string) => JSON.parse(fs.readFileSync(runs + '/' + run + '/run.json')));
      if (records.some(({ state, title }: any) => state === 'finished' && title === 'Loops later')) turns++;
      if (turns > 20) for (;;);
    }, 20).unref();`;
    const run = await bench.start(trainer, bench.modelFile(file(late).replace(/title: '.*'/, "title: 'Loops later'")));
    const { error } = await trainer.closed;
    assert.equal((await readRun(run.runFolder)).state, 'finished');
    assert.equal(error?.code, 'TRAINER_BLOCKED');
    assert.match(error.message, /after its run/);
    assert.equal((await runToEnd(bench, spirals({ epochs: 1 }))).record.state, 'finished');
  });
});

describe('npm run lesson', function () {
  this.timeout(180_000);
  const ENDS = [
    'process.exit(0);',
    'setTimeout(() => process.exit(0), 50);',
    "setTimeout(() => { throw new Error('mine'); }, 50);",
    "void Promise.reject(new Error('mine'));",
    "process.kill(process.pid, 'SIGTERM');",
    '(process as any).reallyExit(0);',
  ];
  for (const code of some(ENDS, 1)) {
    it(`with ${code} in the model file ends with 1, and says why in its last line`, async () => {
      const bench = new Bench();
      try {
        const model = bench.modelFile(`${code}\n${MODEL}`);
        const program = new Program([
          'lesson',
          '--model',
          model,
          '--runs',
          bench.runs,
          '--epochs',
          '1000000',
          '--json',
        ]);
        assert.equal(await program.ended, 1, program.stdout);
        const last = program.lines.at(-1);
        assert.equal(last?.['type'], 'error', program.stdout);
        assert.match(String(last['code']), /MODEL_EXIT|MODEL_THREW|TRAINER_DIED/);
        const [run = ''] = fs.readdirSync(bench.runs);
        assert.match(fs.readFileSync(`${bench.runs}/${run}/run.json`, 'utf8'), /"reason": "(error|trainerDied)"/);
      } finally {
        await bench.dispose();
      }
    });
  }
});
