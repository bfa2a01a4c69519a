import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { LabError } from '../../../src/protocol/errors';
import { explainFileError, stepFailed } from '../../../src/setup/errors';
import { makeFolder } from '../../../src/setup/partial';
import { CommandError } from '../../../src/setup/process';
import { Folder, tree } from './folder';

describe('a folder made whole or not at all', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    folder.dispose();
  });

  it('is not there until the work is done', async () => {
    const target = folder.at('engine', 'x');
    await makeFolder(target, (partial) => {
      fs.writeFileSync(`${partial}/file`, 'whole');
      assert.equal(fs.existsSync(target), false);
      return Promise.resolve();
    });
    assert.deepEqual(tree(folder.path), ['engine', 'engine/x', 'engine/x/file']);
  });

  it('leaves nothing behind when the work fails', async () => {
    const work = makeFolder(folder.at('x'), (partial) => {
      fs.writeFileSync(`${partial}/file`, 'half');
      return Promise.reject(new Error('broken off'));
    });
    await assert.rejects(work, /broken off/);
    assert.deepEqual(tree(folder.path), []);
  });

  it('keeps what was there when the work fails, and replaces it as a whole when it succeeds', async () => {
    folder.write('x/old', 'old');
    await assert.rejects(makeFolder(folder.at('x'), () => Promise.reject(new Error('no'))));
    assert.deepEqual(tree(folder.at('x')), ['old']);
    await makeFolder(folder.at('x'), (partial) => {
      fs.writeFileSync(`${partial}/new`, 'new');
      return Promise.resolve();
    });
    assert.deepEqual(tree(folder.path), ['x', 'x/new']);
  });

  it('removes what a killed set-up left, but not what a living one is making', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    folder.write(`x.partial-${pid}/half`, '');
    folder.write(`y.partial-${process.ppid}/half`, '');
    await makeFolder(folder.at('x'), () => Promise.resolve());
    assert.deepEqual(tree(folder.path), ['x', `y.partial-${process.ppid}`, `y.partial-${process.ppid}/half`]);
  });

  it('says which folder cannot be made, and what to do', async () => {
    folder.write('file', '');
    await assert.rejects(
      makeFolder(folder.at('file', 'x'), () => Promise.resolve()),
      (error) => error instanceof LabError && error.message.includes(folder.at('file')),
    );
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    await assert.rejects(
      makeFolder(folder.at('x'), () => Promise.reject(full)),
      (error) =>
        error instanceof LabError &&
        error.code === 'SETUP_STEP_FAILED' &&
        error.message.includes(folder.path) &&
        error.data.remedy?.includes('DEEP_LEARNING_LAB_CACHE') === true,
    );
  });

  it('knows a full disk by what a program printed, and a read-only one by what Node makes of it', () => {
    const printed = new CommandError('pip', 1, 'ERROR: [Errno 28] No space left on device');
    const full = explainFileError(stepFailed('pip failed', 'Check the network.', printed.output, printed), '/cache');
    assert.ok(full instanceof LabError);
    assert.match(full.message, /no space left in \/cache/);
    assert.equal(explainFileError(full, '/elsewhere'), full, 'said once');
    const other = stepFailed('pip failed', 'Check the network.', 'no route', new CommandError('pip', 1, 'no route'));
    assert.equal(explainFileError(other, '/cache'), other);

    const readOnly = Object.assign(new Error("ENOENT, mkdir '/cache/locks'"), { code: 'ENOENT', syscall: 'mkdir' });
    const explained = explainFileError(readOnly, '/cache');
    assert.ok(explained instanceof LabError);
    assert.match(explained.message, /\/cache cannot be written/);
  });
});
