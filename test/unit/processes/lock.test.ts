import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf } from '../../../src/processes/identity';
import { withLock } from '../../../src/processes/lock';
import { Folder } from '../setup/folder';

describe('a lock', () => {
  let folder: Folder;
  let other: ChildProcess | undefined;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(async () => {
    if (other?.exitCode === null && other.signalCode === null) {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
    other = undefined;
    folder.dispose();
  });

  it('lets one at a time in', async () => {
    const file = folder.at('engine');
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await delay(30);
      inside--;
    };
    await Promise.all([withLock(file, work), withLock(file, work), withLock(file, work)]);
    assert.equal(most, 1);
    assert.deepEqual(fs.readdirSync(folder.path), []);
  });

  it('is free again after work that failed', async () => {
    const file = folder.at('engine');
    await assert.rejects(
      withLock(file, () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await withLock(file, () => Promise.resolve(7)), 7);
  });

  it('takes over from a process that is dead', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    assert.equal(identityOf(pid), undefined);
    const file = folder.write('engine', JSON.stringify({ pid, started: 'then' }));
    assert.equal(await withLock(file, () => Promise.resolve('done')), 'done');
  });

  for (const [what, text] of Object.entries({
    'an id that another process has now': JSON.stringify({ pid: process.ppid, started: 'another time' }),
    'the id of a group': JSON.stringify({ pid: 0, started: '' }),
    'an id below 0': JSON.stringify({ pid: -1, started: 'x' }),
    'no id': 'garbage',
    nothing: '',
  }))
    it(`takes over from ${what}`, async () => {
      assert.equal(await withLock(folder.write('engine', text), () => Promise.resolve('done')), 'done');
    });

  it('waits for a process that lives, names it, and goes on when that one is killed', async () => {
    other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const file = folder.write('engine', JSON.stringify(identityOf(other.pid!)));
    let done = false;
    let waitedFor = 0;
    const waiting = withLock(
      file,
      () => {
        done = true;
        return Promise.resolve();
      },
      { onWait: (pid) => (waitedFor = pid) },
    );
    await delay(400);
    assert.equal(done, false);
    assert.equal(waitedFor, other.pid);
    other.kill('SIGKILL');
    await waiting;
    assert.equal(done, true);
  });

  it('stops waiting when asked to', async () => {
    const holder = JSON.stringify(identityOf(process.ppid));
    const file = folder.write('engine', holder);
    const controller = new AbortController();
    const waiting = withLock(file, () => Promise.resolve(), { signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 50);
    await assert.rejects(waiting, { name: 'AbortError' });
    assert.equal(fs.readFileSync(file, 'utf8'), holder, 'the lock of the other is left alone');
  });
});
