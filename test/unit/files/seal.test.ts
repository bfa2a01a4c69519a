import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isMadeHere, seal } from '../../../src/files/seal';

describe('a folder', () => {
  let base: string;
  let cache: string | undefined;
  beforeEach(() => {
    base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lab-seal-')));
    cache = process.env['DEEP_LEARNING_LAB_CACHE'];
    process.env['DEEP_LEARNING_LAB_CACHE'] = path.join(base, 'cache');
  });
  afterEach(() => {
    if (cache === undefined) Reflect.deleteProperty(process.env, 'DEEP_LEARNING_LAB_CACHE');
    else process.env['DEEP_LEARNING_LAB_CACHE'] = cache;
    fs.rmSync(base, { recursive: true, force: true });
  });

  const folder = (name: string): string => {
    const made = path.join(base, name);
    fs.mkdirSync(made, { recursive: true });
    return made;
  };
  const key = (): string => path.join(base, 'cache', 'key');

  it('that was sealed was made here, by whatever link one comes to it', () => {
    const run = folder('run');
    assert.equal(isMadeHere(run), false, 'not before');
    seal(run);
    assert.equal(isMadeHere(run), true);
    fs.symlinkSync(run, path.join(base, 'link'));
    assert.equal(isMadeHere(path.join(base, 'link')), true);
    assert.equal(fs.statSync(key()).mode & 0o777, 0o600);
  });

  it('that was copied or moved, seal and all, was not', () => {
    const run = folder('run');
    seal(run);
    fs.cpSync(run, path.join(base, 'copy'), { recursive: true });
    assert.equal(isMadeHere(path.join(base, 'copy')), false);
    fs.renameSync(run, path.join(base, 'moved'));
    assert.equal(isMadeHere(path.join(base, 'moved')), false);
    seal(path.join(base, 'moved'));
    assert.equal(isMadeHere(path.join(base, 'moved')), true, 'the user says so');
  });

  it('that another user sealed was not, at the same place too', () => {
    const run = folder('run');
    seal(run);
    process.env['DEEP_LEARNING_LAB_CACHE'] = folder('other');
    assert.equal(isMadeHere(run), false);
    seal(folder('own'));
    assert.equal(isMadeHere(run), false);
  });

  it('whose seal is anything else was not, and it is not waited for', () => {
    seal(folder('another'));
    for (const [name, lay] of Object.entries({
      empty: (file: string) => {
        fs.writeFileSync(file, '');
      },
      zeros: (file: string) => {
        fs.writeFileSync(file, '0'.repeat(64));
      },
      gigabyte: (file: string) => {
        fs.writeFileSync(file, '');
        fs.truncateSync(file, 1024 ** 3);
      },
      folder: (file: string) => {
        fs.mkdirSync(file);
      },
      device: (file: string) => {
        fs.symlinkSync('/dev/zero', file);
      },
      circle: (file: string) => {
        fs.symlinkSync(file, file);
      },
    })) {
      const run = folder(name);
      lay(path.join(run, '.made-here'));
      assert.equal(isMadeHere(run), false, name);
    }
  });

  it('is sealed anew where the key was damaged or a link lies in the way, and nothing is written through it', () => {
    const run = folder('run');
    seal(run);
    fs.writeFileSync(key(), 'x');
    assert.equal(isMadeHere(run), false);
    const precious = path.join(base, 'precious');
    fs.writeFileSync(precious, 'mine');
    fs.rmSync(path.join(run, '.made-here'));
    fs.symlinkSync(precious, path.join(run, '.made-here'));
    fs.rmSync(key());
    fs.symlinkSync(precious, key());
    seal(run);
    assert.equal(isMadeHere(run), true);
    assert.equal(fs.readFileSync(precious, 'utf8'), 'mine');
  });

  it('is sealed with one key by processes that make it at the same moment', async () => {
    const outfile = path.join(base, 'seal.js');
    await build({ entryPoints: ['src/files/seal.ts'], bundle: true, platform: 'node', outfile, logLevel: 'silent' });
    for (let round = 0; round < 3; round++) {
      fs.rmSync(path.dirname(key()), { recursive: true, force: true });
      const runs = Array.from({ length: 6 }, (_, index) => folder(`run-${String(round)}-${String(index)}`));
      const script = `require(${JSON.stringify(outfile)}).seal(process.argv[1])`;
      const sealing = runs.map((run) => spawn(process.execPath, ['-e', script, run], { stdio: 'inherit' }));
      const codes = await Promise.all(sealing.map(async (one) => (await once(one, 'exit'))[0] as unknown));
      assert.deepEqual(
        codes,
        codes.map(() => 0),
      );
      for (const run of runs) assert.equal(isMadeHere(run), true);
      assert.deepEqual(fs.readdirSync(path.dirname(key())), ['key'], 'no draft is left');
    }
  });
});
