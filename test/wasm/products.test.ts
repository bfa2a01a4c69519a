/** Products of matrices, Einstein's sums and sums by segment on WebAssembly, against tfjs's JavaScript. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { LearningError } from '../../src/learning/errors';
import { difference, onCpu, onWasm, randomTensor } from './cpu';
import { useWasm } from './engine';

const numIds = (): number => tf.backend().numDataIds();

describe('products on WebAssembly', () => {
  before(useWasm);

  /** [batch of a], [batch of b], rows, inner, columns; below and above the size from which XNNPACK is used. */
  const SIZES = [
    { a: [], b: [], rows: 3, inner: 4, columns: 5 },
    { a: [], b: [], rows: 33, inner: 17, columns: 40 },
    { a: [3], b: [3], rows: 24, inner: 20, columns: 22 },
    { a: [2, 3], b: [2, 3], rows: 20, inner: 32, columns: 20 },
    { a: [4], b: [1], rows: 32, inner: 16, columns: 24 },
    { a: [1], b: [4], rows: 32, inner: 16, columns: 24 },
    { a: [2, 1], b: [3], rows: 25, inner: 25, columns: 25 },
    // Few rows on many columns: transposed, the right one is the left of a turned product.
    { a: [], b: [], rows: 9, inner: 30, columns: 200 },
    { a: [1], b: [1, 1], rows: 9, inner: 30, columns: 200 },
  ];
  for (const { a, b, rows, inner, columns } of SIZES) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const title = `[${[...a, rows, inner].join()}]·[${[...b, inner, columns].join()}]`;
      it(`${title}${transposeA ? ', left transposed' : ''}${transposeB ? ', right transposed' : ''}`, () => {
        const left = randomTensor([...a, ...(transposeA ? [inner, rows] : [rows, inner])], 1);
        const right = randomTensor([...b, ...(transposeB ? [columns, inner] : [inner, columns])], 2);
        const before = numIds();
        const attributes = { transposeA, transposeB };
        const found = onWasm('BatchMatMul', { a: left, b: right }, attributes);
        assert.equal(numIds(), before + 1);
        // JavaScript's broadcasting is right for equal batches and for one matrix only.
        const outer = tf.broadcast_util.assertAndGetBroadcastShape(a, b);
        const whole = [left, right].map((one) => tf.broadcastTo(one, [...outer, ...one.shape.slice(-2)]));
        const expected = onCpu('BatchMatMul', { a: whole[0]!, b: whole[1]! }, attributes);
        assert.deepEqual(found.shape, expected.shape);
        assert.ok(difference(found.dataSync(), expected.values) < 1e-5);
        tf.dispose([left, right, found, ...whole]);
      });
    }
  }
});

describe("Einstein's sums on WebAssembly", () => {
  before(useWasm);

  const SUMS: readonly [equation: string, ...shapes: number[][]][] = [
    ['ij,jk->ik', [5, 6], [6, 7]],
    ['bij,bkj->bki', [2, 3, 4], [2, 5, 4]],
    ['bqhd,bkhd->bhqk', [2, 5, 3, 4], [2, 6, 3, 4]],
    ['bhqk,bkhd->bqhd', [2, 3, 5, 6], [2, 6, 3, 4]],
    ['bi,bj->b', [2, 3], [2, 4]],
    ['i,j->ij', [2], [3]],
    ['i,i->', [5], [5]],
    ['abc->ca', [2, 3, 4]],
    ['ab->ba', [2, 3]],
    ['ab->', [2, 3]],
    ['ab->ab', [2, 3]],
    [' a b , b c -> a c ', [2, 3], [3, 2]],
    ['ab,bc,cd->ad', [2, 3], [3, 4], [4, 5]],
    ['b,bc,c->bc', [3], [3, 4], [4]],
  ];
  for (const [equation, ...shapes] of SUMS) {
    it(equation, () => {
      const inputs = shapes.map((shape, i) => randomTensor(shape, i + 1));
      const before = numIds();
      const found = tf.einsum(equation, ...inputs);
      assert.equal(numIds(), before + 1 - (equation === 'ab->ab' ? 1 : 0));
      const expected = sumByHand(equation, inputs);
      assert.ok(difference(found.dataSync(), expected) < 1e-5);
      tf.dispose([...inputs, found]);
    });
  }

  for (const [equation, shape] of [
    ['ii->', [3, 3]],
    ['bii->bi', [2, 3, 3]],
    ['iji->j', [3, 2, 3]],
  ] as const) {
    it(`${equation}, a diagonal`, () => {
      const x = randomTensor([...shape], 1);
      const found = onWasm('Einsum', { 0: x }, { equation });
      assert.ok(difference(found.dataSync(), sumByHand(equation, [x])) < 1e-5);
      tf.dispose([x, found]);
    });
  }

  it('that do not fit are refused with the reason', () => {
    tf.tidy(() => {
      const [a, b] = [tf.ones([2, 3]), tf.ones([4, 2])];
      const run =
        (equation: string): (() => unknown) =>
        () =>
          onWasm('Einsum', { 0: a, 1: b }, { equation });
      assert.throws(run('ij,jk->ik'), /j is 3 and 4/);
      assert.throws(run('ijk,kl->i'), /"ijk" names 3 axes of a shape of 2/);
      assert.throws(run('ij,kl->im'), /m stands in no term/);
      assert.throws(run('ij->i'), /1 terms for 2 tensors/);
      assert.throws(run('ij,ki->ii'), /twice/);
    });
  });
});

/** By the definition: over all values of all letters. */
function sumByHand(equation: string, inputs: readonly tf.Tensor[]): number[] {
  const [left = '', output = ''] = equation.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  const sides = new Map<string, number>();
  terms.forEach((labels, i) => {
    labels.split('').forEach((label, axis) => sides.set(label, inputs[i]!.shape[axis]!));
  });
  const letters = [...sides.keys()];
  const data = inputs.map((input) => input.dataSync());
  const at = (labels: string, values: ReadonlyMap<string, number>): number =>
    labels.split('').reduce((place, label) => place * sides.get(label)! + values.get(label)!, 0);
  const result = new Array<number>(output.split('').reduce((size, label) => size * sides.get(label)!, 1)).fill(0);
  const visit = (depth: number, values: Map<string, number>): void => {
    const letter = letters[depth];
    if (letter === undefined) {
      const product = terms.reduce((value, labels, i) => value * data[i]![at(labels, values)]!, 1);
      result[at(output, values)]! += product;
      return;
    }
    for (let i = 0; i < sides.get(letter)!; i++) visit(depth + 1, values.set(letter, i));
  };
  visit(0, new Map());
  return result;
}

describe('sums by segment on WebAssembly', () => {
  before(useWasm);

  for (const [title, shape, ids] of [
    ['rows', [6, 4], [2, 0, 2, 4, 0, 2]],
    ['numbers', [5], [1, 1, 0, 3, 1]],
    ['matrices', [3, 2, 2], [4, 4, 0]],
    ['none', [0, 3], []],
  ] as const) {
    it(`of ${title}`, () => {
      tf.tidy(() => {
        const x = randomTensor([...shape], 7);
        const segmentIds = tf.tensor1d([...ids], 'int32');
        const found = onWasm('UnsortedSegmentSum', { x, segmentIds }, { numSegments: 5 });
        const expected = onCpu('UnsortedSegmentSum', { x, segmentIds }, { numSegments: 5 });
        assert.deepEqual(found.shape, [5, ...shape.slice(1)]);
        assert.ok(difference(found.dataSync(), expected.values) < 1e-6);
      });
    });
  }

  it('pass over what belongs to no segment', () => {
    tf.tidy(() => {
      const found = tf.unsortedSegmentSum(tf.tensor1d([1, 2, 4]), tf.tensor1d([-1, 1, 2], 'int32'), 2);
      assert.deepEqual([...found.dataSync()], [0, 2]);
    });
  });

  it('are the gradient of an embedding, a token twice', () => {
    tf.tidy(() => {
      const table = tf.ones([4, 2]);
      const tokens = tf.tensor1d([3, 1, 3], 'int32');
      const slope = tf.grad((x: tf.Tensor) => tf.sum(tf.gather(x, tokens)))(table);
      assert.deepEqual([...slope.dataSync()], [0, 0, 1, 1, 0, 0, 2, 2]);
    });
  });
});

describe('an operation that the WebAssembly engine lacks', () => {
  before(useWasm);

  it('names itself', () => {
    assert.throws(
      () => tf.tidy(() => tf.complex([1, 2], [3, 4])),
      (error: unknown) =>
        error instanceof LearningError && error.fault.code === 'ENGINE_LACKS' && error.fault.operation === 'Complex',
    );
  });
});
