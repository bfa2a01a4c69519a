import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { NpmArchives, type NpmArchive } from '../../../src/setup/data/npmArchive';
import { Folder, tree } from './folder';

describe('a package of npm of which data sets are made', () => {
  let folder: Folder;
  let archive: NpmArchive;
  let archives: NpmArchives;

  /** An npm that hands over a real package, made with the system's tar, and notes how it was called. */
  beforeEach(() => {
    folder = new Folder();
    folder.write('package/dist/poems.json', '["a poem"]');
    folder.write('package/other.txt', 'not wanted');
    const tgz = folder.at('p.tgz');
    const made = spawnSync('tar', ['-czf', tgz, '-C', folder.path, 'package'], { encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    const bin = folder.bin('sh', 'cp');
    const npm = `#!/bin/sh\necho "$2" >> '${folder.at('calls')}'\ncp '${tgz}' "$6/made-up-1.0.0.tgz"\n`;
    folder.write('bin/npm', npm, 0o755);
    archive = {
      requirement: 'made-up@1.0.0',
      sha256: createHash('sha256').update(fs.readFileSync(tgz)).digest('hex'),
      isWanted: (name) => name.endsWith('.json'),
    };
    archives = new NpmArchives(folder.context(bin));
  });
  afterEach(() => {
    folder.dispose();
  });

  const calls = (): string[] => fs.readFileSync(folder.at('calls'), 'utf8').trim().split('\n');

  it('is downloaded once in a set-up, and nothing of it is left in the cache', async () => {
    const first = await archives.read(archive);
    assert.deepEqual(
      [...first].map(([name, bytes]) => [name, bytes.toString('utf8')]),
      [['dist/poems.json', '["a poem"]']],
    );
    assert.deepEqual(await archives.read(archive), first);
    assert.deepEqual(calls(), ['made-up@1.0.0']);
    assert.deepEqual(
      tree(folder.at('cache')).filter((name) => name.includes('made-up')),
      [],
    );
  });

  it('is downloaded again when what came was not what was published', async () => {
    const published = { ...archive, sha256: '0'.repeat(64) };
    await assert.rejects(archives.read(published), { code: 'SETUP_STEP_FAILED' });
    await assert.rejects(archives.read(published), { code: 'SETUP_STEP_FAILED' });
    assert.equal(calls().length, 2);
  });
});
