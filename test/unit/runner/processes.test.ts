import assert from 'node:assert/strict';
import fs from 'node:fs';
import { programSuite } from '../../runner/processes';
import { eventually } from '../../support/wait';
import { Folder } from '../setup/folder';

describe('a suite that is ended', () => {
  it('says in which test it was, and takes along what it started detached', async function () {
    if (process.platform !== 'linux') this.skip();
    const folder = new Folder();
    folder.write(
      'dist/test/hangs.js',
      `const { spawn } = require('child_process');
const fs = require('fs');
fs.writeFileSync(process.env.DEEP_LEARNING_LAB_TEST_RESULTS, JSON.stringify({ begun: 'a test that hangs' }));
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
fs.writeFileSync(${JSON.stringify(folder.at('pid'))}, String(child.pid));
setInterval(() => {}, 1000);`,
    );
    try {
      const stop = new AbortController();
      const paths = { root: folder.at('.'), cache: folder.at('cache') };
      const suite = programSuite('hangs.js', 600_000)({ paths, signal: stop.signal });
      const file = folder.at('pid');
      const pid = await eventually(
        () => (fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) || undefined : undefined),
        'the detached process',
      );
      assert.ok(isAlive(pid));
      stop.abort();
      assert.deepEqual(await suite, {
        tests: [],
        complete: false,
        running: 'a test that hangs',
        ending: 'was ended by SIGKILL',
      });
      await eventually(() => (isAlive(pid) ? undefined : true), 'its end');
    } finally {
      folder.dispose();
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
