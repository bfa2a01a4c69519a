/** Loading the engine, in a fresh process each time: each fault is told apart and says what to do. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';
import type { LabErrorData } from '../../../src/protocol/errors';
import type { EngineInfo } from '../../../src/protocol/run';
import { root } from './support';

type Probe = { readonly ok: true; readonly engine: EngineInfo } | { readonly ok: false; readonly error: LabErrorData };

const prepared = path.join(defaultCache(), 'engine', 'current');
const BINDING = 'tfjs_binding.node';

function probe(directory: string): Probe {
  const { stdout } = spawnSync(process.execPath, [path.join(root, 'dist', 'trainer.js'), '--probe', directory], {
    encoding: 'utf8',
  });
  return JSON.parse(stdout) as Probe;
}

function failure(directory: string): LabErrorData {
  const result = probe(directory);
  assert.ok(!result.ok);
  return result.error;
}

describe('the engine', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-engine-'))));
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  const manifest = (change: object = {}): void => {
    const original = JSON.parse(fs.readFileSync(path.join(prepared, 'engine.json'), 'utf8')) as object;
    fs.writeFileSync(path.join(folder, 'engine.json'), JSON.stringify({ ...original, ...change }));
  };

  it('loads, computes, and names its TensorFlow', () => {
    const result = probe(prepared);
    assert.ok(result.ok);
    assert.match(result.engine.version, /^2\.\d+\.\d+/);
    assert.equal(result.engine.package, '@tensorflow/tfjs-node 4.22.0');
  });

  it('that is not there says how to prepare one', () => {
    const error = failure(path.join(folder, 'nothing'));
    assert.equal(error.code, 'ENGINE_MISSING');
    assert.match(error.remedy ?? '', /npm run engine/);
  });

  it('without its binding names the missing file', () => {
    manifest();
    const error = failure(folder);
    assert.equal(error.code, 'ENGINE_INCOMPLETE');
    assert.ok(error.message.includes(BINDING));
  });

  it('with a torn manifest says so', () => {
    fs.writeFileSync(path.join(folder, 'engine.json'), '{"package":');
    assert.ok(failure(folder).message.includes('engine.json'));
  });

  it('of another platform is refused before anything is loaded', () => {
    manifest({ platform: 'plan9', arch: 'mips' });
    const error = failure(folder);
    assert.equal(error.code, 'ENGINE_WRONG_PLATFORM');
    assert.equal(error.found, 'plan9-mips');
    assert.equal(error.expected, `${process.platform}-${process.arch}`);
  });

  it('whose binding is no library is told from one whose library is missing', () => {
    manifest();
    fs.writeFileSync(path.join(folder, BINDING), 'not a library');
    assert.equal(failure(folder).code, 'ENGINE_LOAD_FAILED');
    fs.copyFileSync(path.join(prepared, BINDING), path.join(folder, BINDING));
    const error = failure(folder);
    assert.equal(error.code, 'ENGINE_LOAD_FAILED');
    assert.match(error.message, /library.*was not found/);
    assert.match(error.found ?? '', /libtensorflow/);
  });

  it('whose library lacks a symbol says so', function () {
    if (process.platform !== 'linux') this.skip();
    manifest();
    fs.copyFileSync(path.join(prepared, BINDING), path.join(folder, BINDING));
    const source = path.join(folder, 'empty.c');
    fs.writeFileSync(source, '');
    for (const name of fs.readdirSync(prepared).filter((file) => file.startsWith('libtensorflow'))) {
      execFileSync('cc', ['-shared', '-o', path.join(folder, name), source]);
    }
    const error = failure(folder);
    assert.equal(error.code, 'ENGINE_LOAD_FAILED');
    assert.match(error.message, /symbol/);
  });
});
