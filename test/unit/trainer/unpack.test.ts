/** An engine that came inside a package, unpacked into the cache: whole or not at all, and once. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { unpackedEngine } from '../../../src/trainer/engine/unpack';

describe('the engine of a package', () => {
  const library = randomBytes(3_000_000);
  let folder: string;
  let packed: string;
  let cache: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-unpack-'));
    packed = path.join(folder, 'engine');
    cache = path.join(folder, 'cache');
    fs.mkdirSync(packed);
    fs.writeFileSync(path.join(packed, 'engine.json'), '{"revision":3}');
    fs.writeFileSync(path.join(packed, 'tfjs_binding.node'), 'binding');
    fs.writeFileSync(path.join(packed, 'libtensorflow_cc.so.2.br'), zlib.brotliCompressSync(library));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true });
  });

  it('is unpacked into the cache, byte for byte, and the next time it is there', async () => {
    const target = await unpackedEngine(packed, cache);
    assert.deepEqual(fs.readFileSync(path.join(target, 'libtensorflow_cc.so.2')), library);
    assert.equal(fs.readFileSync(path.join(target, 'tfjs_binding.node'), 'utf8'), 'binding');
    const { mtimeMs } = fs.statSync(path.join(target, 'libtensorflow_cc.so.2'));
    assert.equal(await unpackedEngine(packed, cache), target);
    assert.equal(fs.statSync(path.join(target, 'libtensorflow_cc.so.2')).mtimeMs, mtimeMs);
  });

  it('is made once by several at the same time', async () => {
    const targets = await Promise.all([1, 2, 3].map(() => unpackedEngine(packed, cache)));
    assert.equal(new Set(targets).size, 1);
    assert.deepEqual(fs.readdirSync(path.join(cache, 'engine')), [path.basename(targets[0]!)]);
  });

  it('takes the place of what an older version has unpacked', async () => {
    const old = await unpackedEngine(packed, cache);
    fs.writeFileSync(path.join(packed, 'engine.json'), '{"revision":4}');
    const target = await unpackedEngine(packed, cache);
    assert.notEqual(target, old);
    assert.deepEqual(fs.readdirSync(path.join(cache, 'engine')), [path.basename(target)]);
  });

  it('that is damaged leaves nothing behind', async () => {
    const file = path.join(packed, 'libtensorflow_cc.so.2.br');
    fs.writeFileSync(file, fs.readFileSync(file).subarray(0, 1_000_000));
    await assert.rejects(unpackedEngine(packed, cache));
    assert.deepEqual(fs.readdirSync(path.join(cache, 'engine')), []);
  });

  it('whose libraries are not packed is used where it lies', async () => {
    fs.rmSync(path.join(packed, 'libtensorflow_cc.so.2.br'));
    assert.equal(await unpackedEngine(packed, cache), packed);
    assert.ok(!fs.existsSync(cache));
  });
});
