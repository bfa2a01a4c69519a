/** The gradients of pooling, sums and copies on WebAssembly. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { difference, onCpu, onWasm, randomTensor, sum } from './cpu';
import { useWasm } from './engine';

interface Case {
  readonly x: [number, number, number, number];
  readonly filterSize: [number, number];
  readonly strides: [number, number];
  readonly pad: 'valid' | 'same' | number;
}

const CASES: readonly Case[] = [
  { x: [2, 8, 8, 3], filterSize: [2, 2], strides: [2, 2], pad: 'valid' },
  { x: [2, 7, 6, 3], filterSize: [3, 2], strides: [2, 1], pad: 'same' },
  { x: [1, 5, 5, 2], filterSize: [3, 3], strides: [1, 1], pad: 'same' },
  { x: [3, 6, 6, 1], filterSize: [2, 2], strides: [1, 1], pad: 'valid' },
  { x: [1, 6, 6, 2], filterSize: [4, 4], strides: [2, 2], pad: 1 },
];

/** Numbers that lie further apart than a difference is wide, so that the largest of a window stays it. */
function apart(shape: number[]): tf.Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  const order = tf.util.createShuffledIndices(size);
  return tf.tensor(
    Float32Array.from(order, (place) => place / 8 - size / 16),
    shape,
  );
}

describe('the gradients of pooling on WebAssembly', () => {
  before(useWasm);

  for (const { x: shape, filterSize, strides, pad } of CASES) {
    const title = `[${shape.join()}], windows ${filterSize.join()}, steps ${strides.join()}, padding ${pad}`;
    for (const kind of ['max', 'avg'] as const) {
      it(`${kind}: those of differences, ${title}`, () => {
        tf.tidy(() => {
          const x = apart(shape) as tf.Tensor4D;
          const pool = (value: tf.Tensor): tf.Tensor =>
            kind === 'max'
              ? tf.maxPool(value as tf.Tensor4D, filterSize, strides, pad)
              : tf.avgPool(value as tf.Tensor4D, filterSize, strides, pad);
          const dy = randomTensor(pool(x).shape, 3);
          const slope = tf.grad((value: tf.Tensor) => tf.sum(tf.mul(pool(value), dy)))(x);
          for (const seed of [4, 5, 6]) {
            const v = tf.mul(randomTensor(shape, seed), 0.05);
            const loss = (value: tf.Tensor): number => sum(tf.mul(pool(value), dy));
            const change = (loss(tf.add(x, v)) - loss(tf.sub(x, v))) / 2;
            const found = sum(tf.mul(slope, v));
            assert.ok(Math.abs(found - change) < 2e-3 * (1 + Math.abs(change)), `${found}, ${change}`);
          }
          if (kind !== 'max' || pad !== 'valid') return;
          const attributes = { filterSize, strides, pad };
          const expected = onCpu('MaxPoolGrad', { dy, input: x, output: pool(x) }, attributes).values;
          assert.ok(difference(slope.dataSync(), expected) < 1e-6);
        });
      });
    }
  }

  it('of equal numbers the first has the slope, as on TensorFlow', () => {
    tf.tidy(() => {
      const x = tf.ones<tf.Rank.R4>([1, 2, 2, 1]);
      const slope = tf.grad((value: tf.Tensor) => tf.sum(tf.maxPool(value as tf.Tensor4D, 2, 2, 'valid')))(x);
      assert.deepEqual([...slope.dataSync()], [1, 0, 0, 0]);
    });
  });
});

describe('sums and copies on WebAssembly', () => {
  before(useWasm);

  const AXES: readonly (readonly [shape: number[], axis: number | number[] | undefined])[] = [
    [[4, 3], 0],
    [[4, 3], 1],
    [[4, 3], undefined],
    [
      [2, 3, 4, 5],
      [0, 1, 2],
    ],
    [
      [2, 3, 4, 5],
      [1, 2],
    ],
    [[2, 3, 4, 5], [-2]],
    [
      [2, 3, 4, 5],
      [0, 2],
    ],
    [[2, 3, 1], 1],
    [[0, 3], 0],
  ];
  for (const [shape, axis] of AXES)
    for (const keepDims of [false, true])
      it(`[${shape.join()}] over ${String(axis ?? 'all')}${keepDims ? ', axes kept' : ''}`, () => {
        tf.tidy(() => {
          const x = randomTensor(shape, 1);
          const found = tf.sum(x, axis, keepDims);
          const axes = tf.util.parseAxisParam(axis as number[], shape);
          const kept = shape.flatMap((side, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [side]));
          assert.deepEqual(found.shape, kept);
          const expected = onCpu('Sum', { x }, { axis: axes, keepDims: false });
          assert.ok(difference(found.dataSync(), expected.values) < 1e-6);
        });
      });

  it('int32 stays int32', () => {
    tf.tidy(() => {
      const found = tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), 0);
      assert.deepEqual([found.dtype, ...found.dataSync()], ['int32', 4, 6]);
    });
  });

  it('a clone is the same numbers, which outlive the original, and no more memory', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const data = tf.backend().numDataIds();
    const copy = onWasm('Identity', { x });
    assert.equal(tf.backend().numDataIds(), data);
    x.dispose();
    assert.deepEqual([...copy.dataSync()], [1, 2, 3]);
    copy.dispose();
    assert.equal(tf.backend().numDataIds(), data - 1);
  });
});
