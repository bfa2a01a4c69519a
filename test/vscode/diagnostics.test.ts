import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { eventually } from '../support/wait';
import { ended, LESSON, modelFile, newRun, run, withEpochs, write } from './lab';

describe('main: errors of a model file', () => {
  const own = (): vscode.Diagnostic[] =>
    vscode.languages
      .getDiagnostics(vscode.Uri.file(modelFile()))
      .filter(({ source }) => source === 'Deep Learning Lab');

  const cases: { what: string; change: (text: string) => string; code: string; at: string }[] = [
    {
      what: 'a syntax error',
      change: (text) => text.replace('optimizer: () =>', 'optimizer: () = >'),
      code: 'MODEL_SYNTAX',
      at: 'optimizer: () = >',
    },
    {
      what: 'an error that is thrown',
      change: (text) => text.replace('tf.train.adam(0.003)', "(() => { throw new Error('no optimizer'); })()"),
      code: 'MODEL_THREW',
      at: "throw new Error('no optimizer')",
    },
    {
      what: 'a loss that does not exist',
      change: (text) => text.replace("'sparseCategoricalCrossentropy'", "'sparseCategoricalCrossEntropy'"),
      code: 'EXPERIMENT_INVALID',
      at: "loss: 'sparseCategoricalCrossEntropy'",
    },
  ];
  for (const { what, change, code, at } of cases) {
    it(`(${what}) is marked at its line, and the mark goes with the next run`, async () => {
      const good = await withEpochs(1);
      const bad = change(good);
      assert.notEqual(bad, good);
      await write(modelFile(), bad);
      const { folder } = await newRun(() => run('runLesson', LESSON));
      const { record } = await ended(folder);
      assert.equal(record.state, 'failed');
      assert.equal(record.end?.error?.code, code);
      const lines = fs.readFileSync(modelFile(), 'utf8').split('\n');
      // The run tells where the experiment was checked; the editor finds out more, and then says it once.
      const diagnostic = await eventually(
        () => own().find(({ range }) => lines[range.start.line]?.includes(at)),
        'a diagnostic at its line',
      );
      assert.equal(diagnostic.code, code);
      await eventually(() => (own().length === 1 ? true : undefined), 'one mark only');

      await write(modelFile(), good);
      const next = await newRun(() => run('runLesson', LESSON));
      await ended(next.folder);
      assert.deepEqual(own(), []);
    });
  }
});
