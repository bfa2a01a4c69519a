/** Windows that write the learner's progress in the same instant, each in a process of its own. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { progressFile, ProgressStore } from '../../src/client/exercises/progress';
import { root } from '../support/world';

const TIMES = 200;

describe('progress that several windows write at once', function () {
  this.timeout(120_000);

  it('is that of all of them, of one exercise and of several', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-windows-'));
    try {
      const file = progressFile(path.join(folder, '.lab'));
      const achiever = path.join(root, 'dist', 'test', 'achiever.js');
      await Promise.all(
        ['a/same', 'a/same', 'b/other'].map((exercise) =>
          promisify(execFile)(process.execPath, [achiever, file, exercise, String(TIMES)]),
        ),
      );
      const all = await new ProgressStore(file).read();
      assert.deepEqual(all, { 'a/same': { attempts: 2 * TIMES, hints: 0 }, 'b/other': { attempts: TIMES, hints: 0 } });
      assert.deepEqual(fs.readdirSync(path.dirname(file)), ['progress.json'], 'nothing is left beside it');
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
