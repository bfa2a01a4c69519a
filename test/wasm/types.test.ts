/** Element types on WebAssembly, against tfjs's JavaScript and by hand: whole numbers, truth values, and that nothing is written beyond a tensor. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { MOVING, REAL, WHOLE } from '../../src/learning/engine/wasm/kernels/types';
import { difference, onCpu, onWasm } from './cpu';
import { useWasm } from './engine';

const numIds = (): number => tf.backend().numDataIds();

interface Module {
  readonly HEAPU8: Uint8Array;
  _malloc: (bytes: number) => number;
}

/** Runs work with room behind each tensor, and says whether anything was written there. */
function writesBeyond(work: () => void): boolean {
  const { wasm } = tf.backend() as unknown as { readonly wasm: Module };
  const { _malloc: malloc } = wasm;
  const guards: (readonly [from: number, to: number])[] = [];
  wasm._malloc = (bytes) => {
    const room = 4 * bytes + 64;
    const place = malloc(bytes + room) >>> 0;
    const guard = [place + bytes, place + bytes + room] as const;
    wasm.HEAPU8.fill(0xab, ...guard);
    guards.push(guard);
    return place;
  };
  try {
    work();
  } finally {
    wasm._malloc = malloc;
  }
  return guards.some((guard) => wasm.HEAPU8.subarray(...guard).some((byte) => byte !== 0xab));
}

const NUMBERS = [0, 1, 1, 0, 1, 1, 0, 1];

describe('element types on WebAssembly', () => {
  before(useWasm);

  for (const name of REAL)
    it(`${name} of whole numbers and truth values is that of the real numbers`, () => {
      for (const dtype of ['int32', 'bool'] as const)
        tf.tidy(() => {
          const x = tf.tensor(NUMBERS, [2, 4], dtype);
          const expected = onCpu(name, { x: tf.tensor(NUMBERS, [2, 4]) }, { alpha: 0.2 });
          const before = numIds();
          const found = onWasm(name, { x }, { alpha: 0.2 });
          assert.equal(numIds(), before + 1);
          assert.equal(found.dtype, name.startsWith('Is') ? 'bool' : 'float32');
          const values = [...found.dataSync()].map((value) => (Number.isFinite(value) ? value : 1e9));
          const known = expected.values.map((value) => (Number.isFinite(value) ? value : 1e9));
          assert.ok(difference(values, known) < 1e-5, `${dtype}: ${String(values)}, expected ${String(known)}`);
        });
    });

  for (const name of WHOLE)
    it(`${name} takes truth values for 0 and 1`, () => {
      tf.tidy(() => {
        const found = onWasm(name, { x: tf.tensor(NUMBERS, [2, 4], 'bool') }, { alpha: 0 });
        assert.equal(found.dtype, 'int32');
        assert.deepEqual(
          [...found.dataSync()],
          NUMBERS.map((value) => (name === 'Neg' ? 0 - value : value)),
        );
      });
    });

  it('what moves values keeps their type', () => {
    const whole = [5, -3, 7, 2, 0, 9];
    for (const [dtype, values] of [
      ['int32', whole],
      ['bool', [1, 0, 1, 1, 0, 0]],
    ] as const)
      tf.tidy(() => {
        const x = tf.tensor2d([...values], [2, 3], dtype);
        const [a, b, c, d, e, f] = values;
        const is = (found: tf.Tensor, expected: readonly (number | undefined)[]): void => {
          assert.equal(found.dtype, dtype);
          assert.deepEqual([...found.dataSync()], expected);
        };
        is(tf.reverse(x, 1), [c, b, a, f, e, d]);
        is(tf.stridedSlice(x, [0, 0], [2, 3], [1, 2]), [a, c, d, f]);
        const most = Math.max(...values);
        is(
          tf.clipByValue(x, 0, most),
          values.map((value) => Math.max(0, value)),
        );
        if (dtype === 'int32')
          is(tf.image.resizeNearestNeighbor(tf.reshape<tf.Rank.R4>(x, [1, 2, 3, 1]), [2, 3]), values);
      });
    assert.equal(MOVING.length, 4);
  });

  it('no kernel of truth values writes beyond its tensor', () => {
    tf.tidy(() => {
      const x = tf.tensor(
        Array.from({ length: 60 }, (_, i) => i % 2),
        [3, 4, 5],
        'bool',
      );
      const indices = tf.tensor1d([0, 2, 1], 'int32');
      const kept: tf.Tensor[] = [];
      assert.equal(
        writesBeyond(() => {
          for (const name of [...REAL, ...WHOLE]) kept.push(onWasm(name, { x }, { alpha: 0 }));
          kept.push(onWasm('OneHot', { indices }, { depth: 4, onValue: 1, offValue: 0, dtype: 'bool' }));
          kept.push(onWasm('Cast', { x: tf.ones([60]) }, { dtype: 'bool' }));
        }),
        false,
      );
      // The guard itself: four bytes a value into a tensor of bytes.
      assert.equal(
        writesBeyond(() => {
          const made = tf.backend() as unknown as {
            makeOutput(shape: number[], dtype: string): tf.TensorInfo;
            readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } };
            readonly wasm: Module;
          };
          const { memoryOffset } = made.dataIdMap.get(made.makeOutput([8], 'bool').dataId);
          made.wasm.HEAPU8.fill(1, memoryOffset, memoryOffset + 32);
        }),
        true,
      );
    });
  });

  it('a truth value is 1 for whatever is not 0', () => {
    tf.tidy(() => {
      assert.deepEqual([...tf.cast(tf.tensor1d([0, -3, 0.25, 256, NaN]), 'bool').dataSync()], [0, 1, 1, 1, 1]);
      assert.deepEqual([...tf.cast(tf.tensor1d([0, 256, -1], 'int32'), 'bool').dataSync()], [0, 1, 1]);
    });
  });

  it('one-hot vectors have the type that is asked for; a place that is not there is in none', () => {
    for (const dtype of ['float32', 'int32', 'bool'] as const)
      tf.tidy(() => {
        const found = tf.oneHot(tf.tensor1d([1, -1, 2, 3], 'int32'), 3, 1, 0, dtype);
        assert.equal(found.dtype, dtype);
        assert.deepEqual([...found.dataSync()], [0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
      });
  });

  it('sums and products so far go along an axis counted from the end', () => {
    tf.tidy(() => {
      const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
      assert.deepEqual([...tf.cumsum(x, -1).dataSync()], [1, 3, 6, 4, 9, 15]);
      assert.deepEqual([...tf.cumsum(x, -2).dataSync()], [1, 2, 3, 5, 7, 9]);
      assert.deepEqual([...tf.cumprod(x, -1).dataSync()], [1, 2, 6, 4, 20, 120]);
    });
  });

  it('the sum of no numbers is 0, of any type', () => {
    tf.tidy(() => {
      for (const dtype of ['float32', 'int32'] as const)
        assert.deepEqual([...tf.sum(tf.tensor([], [0, 3], dtype), 0).dataSync()], [0, 0, 0]);
    });
  });

  for (const [transposeA, transposeB] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const)
    it(`products of whole numbers${transposeA ? ', left transposed' : ''}${transposeB ? ', right transposed' : ''}`, () => {
      tf.tidy(() => {
        const whole = (shape: number[], seed: number): tf.Tensor =>
          tf.cast(tf.randomUniform(shape, -50, 50, 'float32', seed), 'int32');
        for (const [batchA, batchB] of [
          [[], []],
          [[2, 3], [3]],
        ] as const) {
          const a = whole([...batchA, ...(transposeA ? [5, 4] : [4, 5])], 1);
          const b = whole([...batchB, ...(transposeB ? [6, 5] : [5, 6])], 2);
          const before = numIds();
          const found = tf.matMul(a, b, transposeA, transposeB);
          assert.equal(numIds(), before + 1);
          assert.equal(found.dtype, 'int32');
          const floats = tf.matMul(tf.cast(a, 'float32'), tf.cast(b, 'float32'), transposeA, transposeB);
          assert.deepEqual(found.shape, floats.shape);
          assert.deepEqual([...found.dataSync()], [...floats.dataSync()]);
        }
      });
    });

  it('make a confusion matrix', () => {
    tf.tidy(() => {
      const found = tf.math.confusionMatrix(tf.tensor1d([0, 1, 1], 'int32'), tf.tensor1d([0, 1, 0], 'int32'), 2);
      assert.deepEqual([...found.dataSync()], [1, 0, 1, 1]);
    });
  });
});
