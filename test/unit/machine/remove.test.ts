/** What can be made again: deleted when asked for, kept small by itself, and never under the hands of who makes it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { removeAll, tidyCache } from '../../../src/client/machine/remove';
import { identityOf } from '../../../src/processes/identity';
import { release, take } from '../../../src/processes/lock';
import { LabError } from '../../../src/protocol/errors';
import { Folder, root, tree } from '../setup/folder';
import { asNobody } from './support';

const DAY_MS = 24 * 3600 * 1000;

describe('what can be made again', () => {
  let folder: Folder;
  const paths = (): { root: string; cache: string } => ({ root, cache: folder.at('cache') });
  beforeEach(() => (folder = new Folder()));
  afterEach(() => {
    folder.dispose();
  });

  const aged = (name: string, size: number, days: number): void => {
    const file = folder.write(`cache/${name}`, '');
    fs.truncateSync(file, size); // sparse: the test takes no room
    const at = new Date(Date.now() - days * DAY_MS);
    fs.utimesSync(file, at, at);
    fs.utimesSync(fs.realpathSync(`${file}/..`), at, at);
  };

  it('is deleted by kind, with how much that freed, and nothing else is', async () => {
    folder.write('cache/engine/v1/lib.so', Buffer.alloc(3000));
    fs.symlinkSync('v1', folder.at('cache/engine/current'));
    folder.write('cache/engine/unfit.json', '{}');
    folder.write('cache/data/mnist/a.gz', Buffer.alloc(50));
    folder.write('cache/key', 'k');
    const freed = await removeAll('engines', paths());
    assert.ok(freed >= 3002 && freed < 3100, String(freed));
    assert.deepEqual(tree(folder.at('cache')), ['data', 'data/mnist', 'data/mnist/a.gz', 'key', 'locks']);
    assert.equal(await removeAll('data', paths()), 50);
    assert.equal(await removeAll('models', paths()), 0, 'there is none');
    assert.deepEqual(tree(folder.at('cache')), ['key', 'locks']);
  });

  it('stays while a set-up in another process makes it: who, and what to do', async () => {
    folder.write('cache/engine/v1/lib.so', 'x');
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      folder.write('cache/locks/engine', JSON.stringify(identityOf(other.pid!)));
      for (const kind of ['engines', 'downloads'] as const)
        await assert.rejects(removeAll(kind, paths()), (error: LabError) => {
          assert.equal(error.code, 'CACHE_IN_USE');
          assert.equal(error.data.found, `process ${String(other.pid)}`);
          return true;
        });
      assert.ok(fs.existsSync(folder.at('cache/engine/v1/lib.so')));
      assert.deepEqual(tree(folder.at('cache/locks')), ['engine'], 'locks that were taken before it are free again');
    } finally {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
    assert.equal(await removeAll('engines', paths()), 1, 'its lock went with it');
  });

  it('where it cannot be deleted, stays whole, and that is said', async () => {
    folder.write('cache/data/mnist/a.gz', 'x');
    fs.mkdirSync(folder.at('cache/locks'), { mode: 0o777 });
    fs.chmodSync(folder.at('cache/locks'), 0o777);
    fs.chmodSync(folder.at('cache'), 0o555);
    fs.writeFileSync(
      folder.at('ask.ts'),
      `import { removeAll } from ${JSON.stringify(`${root}/src/client/machine/remove.ts`)};
       export const ask = (cache: string) => removeAll('data', { root: '', cache }).then(String, ({ code }) => code);`,
    );
    assert.equal(await asNobody(folder, folder.at('ask.ts'), 'ask', folder.at('cache')), 'CACHE_UNWRITABLE');
    fs.chmodSync(folder.at('cache'), 0o755);
    assert.ok(fs.existsSync(folder.at('cache/data/mnist/a.gz')));
  });

  it('downloads of interrupted set-ups go after two weeks, and the oldest of more than 2 GB; newer ones go on', async () => {
    aged('downloads/old/part', 1000, 20);
    aged('downloads/large/part', 1.5e9, 5);
    aged('downloads/newer/part', 1.2e9, 3);
    aged('downloads/newest/part', 10, 0);
    const freed = await tidyCache(paths());
    assert.ok(freed >= 1.5e9 + 1000 && freed < 1.6e9, String(freed));
    assert.deepEqual(fs.readdirSync(folder.at('cache/downloads')).sort(), ['newer', 'newest']);
    assert.equal(await tidyCache(paths()), 0);
  });

  it('downloads stay while any set-up is at work', async () => {
    aged('downloads/old/part', 1000, 20);
    const lock = folder.at('cache/locks/languageModel');
    take(lock);
    assert.equal(await tidyCache(paths()), 0);
    assert.ok(fs.existsSync(folder.at('cache/downloads/old/part')));
    release(lock);
    assert.ok((await tidyCache(paths())) >= 1000);
  });

  it('logs of ended trainers beyond 64 MB go, the oldest first; those of living ones stay, however large', async () => {
    aged('trainers/aaaa.log', 40e6, 3);
    aged('trainers/bbbb.log.old', 30e6, 2);
    aged('trainers/cccc.log', 20e6, 1);
    aged('trainers/dddd.log', 90e6, 4);
    take(folder.at('cache/trainers/dddd.lock'));
    folder.write('cache/trainers/aaaa.failure.json', '{}');
    assert.equal(await tidyCache(paths()), 40e6);
    assert.deepEqual(tree(folder.at('cache/trainers')), [
      'aaaa.failure.json',
      'bbbb.log.old',
      'cccc.log',
      'dddd.lock',
      'dddd.log',
    ]);
    assert.equal(await removeAll('logs', paths()), 50e6);
    assert.ok(fs.existsSync(folder.at('cache/trainers/dddd.log')));
  });

  it('what a killed process has left of a deletion is swept; a cache that is not there is no error', async () => {
    folder.write('cache/.deleted-0011/engine/lib.so', 'x');
    await tidyCache(paths());
    assert.deepEqual(tree(folder.at('cache')), []);
    fs.rmSync(folder.at('cache'), { recursive: true });
    assert.equal(await tidyCache(paths()), 0);
    assert.ok(!fs.existsSync(folder.at('cache')));
  });
});
