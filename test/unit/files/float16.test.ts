import assert from 'node:assert/strict';
import { fromFloat16, toFloat16 } from '../../../src/files/float16';

describe('half-precision floats', () => {
  const bits = (value: number): number => toFloat16(Float32Array.of(value))[0]!;

  it('have the bits of IEEE 754: the examples of its table', () => {
    const table: readonly (readonly [number, number])[] = [
      [0, 0x0000],
      [-0, 0x8000],
      [1, 0x3c00],
      [-2, 0xc000],
      [1 / 3, 0x3555],
      [65504, 0x7bff],
      [2 ** -14, 0x0400],
      [2 ** -24, 0x0001],
      [(1023 / 1024) * 2 ** -14, 0x03ff],
      [Number.POSITIVE_INFINITY, 0x7c00],
      [Number.NEGATIVE_INFINITY, 0xfc00],
    ];
    for (const [value, expected] of table) {
      assert.equal(bits(value), expected, String(value));
      if (expected !== 0x3555) assert.ok(Object.is(fromFloat16(Uint16Array.of(expected))[0], value), String(value));
    }
    assert.ok(Number.isNaN(fromFloat16(toFloat16(Float32Array.of(Number.NaN)))[0]));
  });

  it('round to the nearest, ties to even, also up to infinity and below the normal ones', () => {
    assert.equal(bits(1 + 2 ** -11), 0x3c00, 'half way, to the even one below');
    assert.equal(bits(1 + 3 * 2 ** -11), 0x3c02, 'half way, to the even one above');
    assert.equal(bits(1 + 2 ** -11 + 2 ** -20), 0x3c01);
    assert.equal(bits(65519), 0x7bff);
    assert.equal(bits(65520), 0x7c00);
    assert.equal(bits(2 ** -25), 0);
    assert.equal(bits(3 * 2 ** -25), 2);
    assert.equal(bits(-1.5 * 2 ** -24), 0x8002);
  });

  it('come back as they were, all 65,536 of them', () => {
    const all = Uint16Array.from({ length: 2 ** 16 }, (_, half) => half);
    const numbers = fromFloat16(all);
    toFloat16(numbers).forEach((half, i) => {
      assert.ok(half === i || Number.isNaN(numbers[i]), String(i));
    });
  });
});
