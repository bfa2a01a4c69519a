/** The WebAssembly engine itself: how it is loaded, and rows of held values. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import net from 'node:net';
import { mock } from 'node:test';
import type { Engine } from '../../src/learning/engine/port';
import { useWasm } from './engine';

describe('the WebAssembly engine', () => {
  let engine: Engine;
  let connections = 0;
  let listeners: number[];
  const handlers = (): number[] =>
    ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
  before(async () => {
    const connect = mock.method(net.Socket.prototype, 'connect');
    listeners = handlers();
    engine = await useWasm();
    connections = connect.mock.callCount();
    connect.mock.restore();
  });

  it('is what tfjs computes with, and names its version', () => {
    assert.equal(tf.getBackend(), 'wasm');
    assert.equal(engine.kind, 'wasm');
    assert.match(engine.version, /^4\.22\.\d+$/);
  });

  it('opens no connection while it loads', () => {
    assert.equal(connections, 0);
  });

  it('leaves what nobody caught to whoever dealt with it before', () => {
    assert.deepEqual(handlers(), listeners);
  });

  it('has the same functions before and after they were called: no process is replaced for them', () => {
    const { wasm } = tf.backend() as unknown as { readonly wasm: Record<string, unknown> };
    const before = { ...wasm };
    tf.tidy(() => tf.matMul(tf.add(tf.ones([20, 20]), 1), tf.cos(tf.ones([20, 20]))).dataSync());
    const changed = Object.keys(wasm).filter((name) => typeof wasm[name] === 'function' && wasm[name] !== before[name]);
    assert.deepEqual(changed, []);
    assert.equal(typeof before['_Cos'], 'function');
  });

  it('gives rows of bytes as float32 in 0..1, divided as TensorFlow divides', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const held = engine.hold(bytes, [4, 8, 8]);
    const rows = tf.tensor1d([3, 0, 3], 'int32');
    const found = engine.rowsOf(held, rows);
    assert.equal(found.dtype, 'float32');
    assert.deepEqual(found.shape, [3, 8, 8]);
    const expected = [3, 0, 3].flatMap((row) =>
      [...bytes.subarray(64 * row, 64 * row + 64)].map((byte) => Math.fround(byte / 255)),
    );
    assert.deepEqual([...found.dataSync()], expected);
    tf.dispose([held, rows, found]);
  });

  it('gives rows of float32 and int32 as they are', () => {
    tf.tidy(() => {
      const rows = tf.tensor1d([1, 1], 'int32');
      const floats = engine.rowsOf(engine.hold(Float32Array.of(0.5, -2, 3, 4), [2, 2]), rows);
      assert.deepEqual([floats.dtype, ...floats.dataSync()], ['float32', 3, 4, 3, 4]);
      const ints = engine.rowsOf(engine.hold(Int32Array.of(7, -8), [2]), rows);
      assert.deepEqual([ints.dtype, ...ints.dataSync()], ['int32', -8, -8]);
    });
  });

  it('refuses a row that is not there, and leaves nothing behind', () => {
    const held = engine.hold(Uint8Array.of(1, 2, 3), [3]);
    const before = tf.memory();
    for (const row of [-1, 3])
      assert.throws(() => tf.tidy(() => engine.rowsOf(held, tf.tensor1d([row], 'int32'))), /Row (-1|3) of 3/);
    assert.deepEqual(tf.memory(), before);
    held.dispose();
  });

  it('frees held bytes with their tensor', () => {
    const { wasm } = tf.backend() as unknown as { readonly wasm: { readonly HEAPU8: Uint8Array } };
    const size = 2 ** 24;
    engine.hold(new Uint8Array(size), [size]).dispose();
    const before = wasm.HEAPU8.length;
    for (let i = 0; i < 10; i++) engine.hold(new Uint8Array(size), [size]).dispose();
    assert.equal(wasm.HEAPU8.length, before);
  });
});
