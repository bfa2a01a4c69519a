import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { LabError } from '../../../src/protocol/errors';
import type { EngineTarget } from '../../../src/setup/engine/target';
import { unpackWheel } from '../../../src/setup/engine/unpack';
import { inside } from '../../../src/setup/unzip';
import { Folder, ownPaths, tree } from './folder';

const TARGET: EngineTarget = {
  platform: 'linux',
  arch: 'x64',
  distribution: 'tensorflow-cpu',
  wheelPlatform: 'manylinux_2_27_x86_64',
  libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
};
const CC = 'library '.repeat(20_000);
const ENTRIES: Readonly<Record<string, string>> = {
  'tensorflow/libtensorflow_cc.so.2': CC,
  'tensorflow/libtensorflow_framework.so.2': 'framework',
  'tensorflow/include/tensorflow/c/c_api.h': '// c api',
  'tensorflow/include/xla/tsl/c/tsl_status.h': '// status',
  'tensorflow/include/Eigen/Core.h': 'not wanted',
  'tensorflow/python/__init__.py': 'not wanted',
};

describe('unpacking the wheel', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    folder.dispose();
  });

  /** Zipped by Python's own zipfile, as wheels are. */
  function wheel(entries: Readonly<Record<string, string>>): string {
    const file = folder.write('wheel/t.whl', '');
    const script = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
  for name, text in json.load(sys.stdin).items(): z.writestr(name, text)`;
    const made = spawnSync('python3', ['-c', script, file], { input: JSON.stringify(entries), encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    return file;
  }

  const unpack = (file: string): Promise<void> =>
    unpackWheel(file, TARGET, folder.at('lib'), folder.at('include'), { paths: ownPaths, env: process.env });

  it('takes the libraries and the C headers, byte for byte, and nothing else', async () => {
    await unpack(wheel(ENTRIES));
    assert.deepEqual(tree(folder.at('lib')), ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']);
    assert.equal(fs.readFileSync(folder.at('lib', 'libtensorflow_cc.so.2'), 'utf8'), CC);
    assert.deepEqual(
      tree(folder.at('include')).filter((name) => name.endsWith('.h')),
      ['tensorflow/c/c_api.h', 'xla/tsl/c/tsl_status.h'],
    );
  });

  it('refuses a wheel with a flipped byte and deletes it, so that the next run fetches it anew', async () => {
    const file = wheel(ENTRIES);
    const bytes = fs.readFileSync(file);
    // The first entry's data begins after a header of 30 bytes and its name.
    const middle = 30 + 'tensorflow/libtensorflow_cc.so.2'.length + 200;
    bytes[middle] = bytes[middle]! ^ 0xff;
    fs.writeFileSync(file, bytes);
    await assert.rejects(unpack(file), isDamage);
    assert.equal(fs.existsSync(file), false);
  });

  it('refuses a wheel that was cut off', async () => {
    const file = wheel(ENTRIES);
    fs.truncateSync(file, fs.statSync(file).size - 100);
    await assert.rejects(unpack(file), isDamage);
  });

  it('refuses a wheel without one of the libraries, naming it', async () => {
    const others = Object.fromEntries(Object.entries(ENTRIES).filter(([name]) => !name.includes('framework')));
    await assert.rejects(unpack(wheel(others)), (error) => isDamage(error) && error.message.includes('framework'));
  });

  it('never writes outside its folder', async () => {
    assert.throws(() => inside('/a/b', '../c.h'), /outside/);
    assert.throws(() => inside('/a/b', 'x/../../bc/c.h'), /outside/);
    assert.equal(inside('/a/b', 'x/c.h'), '/a/b/x/c.h');
    await assert.rejects(
      unpack(wheel({ ...ENTRIES, 'tensorflow/include/tensorflow/c/../../../../evil.h': '' })),
      isDamage,
    );
    assert.equal(
      tree(folder.path).some((name) => name.endsWith('evil.h')),
      false,
    );
  });

  function isDamage(error: unknown): error is LabError {
    return error instanceof LabError && error.code === 'SETUP_STEP_FAILED' && error.message.includes('damaged');
  }
});
