import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { checkDisk, checkFolders, roomVerdict } from '../../../src/client/machine/disk';
import type { Finding } from '../../../src/client/machine/finding';
import { sizeOf, usage } from '../../../src/client/machine/usage';
import { Folder } from '../setup/folder';
import { asNobody, machineIn } from './support';

describe('folders and disk in Check Set-up', () => {
  let folder: Folder;
  beforeEach(() => (folder = new Folder()));
  afterEach(() => {
    folder.dispose();
  });

  it('what is there can be written, what is not yet there can be made', async () => {
    const machine = machineIn(folder, { storage: folder.at('made/later') });
    const { verdict, found } = await checkFolders(machine);
    assert.equal(verdict, 'good');
    assert.deepEqual(found.split('\n'), [
      '~/lab can be written (working copies and runs).',
      '~/cache can be written (the cache).',
      '~/made/later can be made (the extension’s own folder).',
    ]);
    assert.ok(!fs.existsSync(folder.at('made')), 'asking makes nothing');
  });

  it('a file in the place of a folder is a problem, and the other folders are told all the same', async () => {
    const machine = machineIn(folder);
    fs.rmSync(folder.at('cache'), { recursive: true });
    folder.write('cache', 'a file');
    const { verdict, found, remedy } = await checkFolders(machine);
    assert.equal(verdict, 'problem');
    assert.deepEqual(found.split('\n'), [
      '~/lab can be written (working copies and runs).',
      '~/cache cannot be written (the cache): ~/cache is no folder.',
    ]);
    assert.match(remedy ?? '', /DEEP_LEARNING_LAB_CACHE/);
  });

  it('a folder that may not be written, or in which none may be made, is a problem', async () => {
    const machine = machineIn(folder, { storage: folder.at('closed/inside') });
    fs.mkdirSync(folder.at('closed'));
    fs.chmodSync(folder.at('closed'), 0o555);
    fs.chmodSync(folder.at('lab'), 0o555);
    fs.chmodSync(folder.at('cache'), 0o777);
    const found = (await asNobody(folder, 'src/client/machine/disk.ts', 'checkFolders', machine)) as Finding;
    assert.equal(found.verdict, 'problem');
    assert.deepEqual(found.found.split('\n'), [
      '~/lab cannot be written (working copies and runs): EACCES.',
      '~/cache can be written (the cache).',
      '~/closed/inside cannot be written (the extension’s own folder): EACCES.',
    ]);
  });

  it('room is judged by what an engine and a run need', () => {
    assert.deepEqual([0, 0.99e9, 1e9, 4.9e9, 5e9].map(roomVerdict), ['problem', 'problem', 'note', 'note', 'good']);
  });

  it('tells what is free as the file system says it, and what the lab has taken', async () => {
    folder.write('cache/data/a/x.gz', Buffer.alloc(1500));
    const { found } = await checkDisk(machineIn(folder));
    const { bavail, bsize } = fs.statfsSync(folder.path);
    const told = Number(/^([\d.]+) GB free for working copies/.exec(found)?.[1]) * 1e9;
    assert.ok(Math.abs(told - bavail * bsize) < 0.1 * bavail * bsize, `${String(told)} ${String(bavail * bsize)}`);
    assert.match(found, /The lab has taken 1\.5 kB: Data sets 1\.5 kB\./);
  });

  it('adds up to the byte what there is of each kind, the largest first', async () => {
    const machine = machineIn(folder, { storage: folder.at('storage') });
    folder.write('lab/.lab/runs/one/run.json', Buffer.alloc(5000));
    folder.write('lab/.lab/runs/one/checkpoints/epoch-0001/weights.bin', Buffer.alloc(70_000));
    folder.write('lab/my-lesson/model.ts', Buffer.alloc(900_000)); // the learner's own
    folder.write('cache/engine/v1/lib.so', Buffer.alloc(30_000));
    folder.write('cache/trainers/a.log', Buffer.alloc(100));
    folder.write('cache/logs/last-error.log', Buffer.alloc(11));
    folder.write('cache/key', Buffer.alloc(64));
    folder.write('storage/state.json', Buffer.alloc(6));
    const all = await usage(machine);
    assert.deepEqual(
      all.map(({ kind, bytes, unread }) => [kind, bytes, unread]),
      [
        ['runs', 75_000, 0],
        ['engines', 30_000, 0],
        ['logs', 111, 0],
        ['rest', 70, 0],
      ],
    );
  });

  it('follows no link out of the lab, nor in a circle', async () => {
    const machine = machineIn(folder);
    folder.write('elsewhere/large.bin', Buffer.alloc(1_000_000));
    fs.mkdirSync(folder.at('cache/data'), { recursive: true });
    fs.symlinkSync(folder.at('elsewhere'), folder.at('cache/data/link'));
    fs.symlinkSync(folder.at('cache'), folder.at('cache/data/circle'));
    const [data] = await usage(machine);
    assert.ok(data?.kind === 'data' && data.bytes < 1000, JSON.stringify(data));
  });

  it('counts what it may not look at, and goes on; what is not there takes nothing', async () => {
    folder.write('cache/data/open/x', Buffer.alloc(10));
    folder.write('cache/data/closed/x', Buffer.alloc(20));
    fs.chmodSync(folder.at('cache/data/closed'), 0);
    const size = await asNobody(folder, 'src/client/machine/usage.ts', 'sizeOf', folder.at('cache/data'));
    assert.deepEqual(size, { bytes: 10, unread: 1 });
    assert.deepEqual(await sizeOf(path.join(folder.path, 'nothing')), { bytes: 0, unread: 0 });
  });

  it('can be called off', async () => {
    await assert.rejects(usage(machineIn(folder), AbortSignal.abort()), /abort/i);
  });
});
