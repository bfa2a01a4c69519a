/** The random numbers of an engine without TensorFlow, against TensorFlow's. */
import assert from 'node:assert/strict';
import { nativeBackend } from '../../../src/learning/compile';
import { stateless } from '../../../src/learning/compile/philox';
import { nativeDraws } from '../../../src/learning/compile/graph/draws';
import type { Draw } from '../../../src/learning/compile/randomness';
import { useEngine } from '../lab/tensorflow';

/** Seeds of both signs and the smallest and largest; counts that are no multiple of a block. */
const SEEDS: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 2],
  [-5, 7],
  [2 ** 31 - 1, -(2 ** 31)],
];
const COUNTS = [1, 4, 7, 1001];

describe("TensorFlow's stateless random numbers in JavaScript", () => {
  before(useEngine);

  const both = (kind: Draw['kind'], count: number, seeds: readonly [number, number]): [Float32Array, Float32Array] => {
    const backend = nativeBackend()!;
    const draw: Draw = { kind, scale: 1, offset: 0, shape: [count], index: 0 };
    return [stateless(kind, count, seeds), nativeDraws(backend, backend.binding).standard(draw, seeds)];
  };

  it('uniform: the same to the bit', () => {
    for (const seeds of SEEDS)
      for (const count of COUNTS) {
        const [found, expected] = both('uniform', count, seeds);
        assert.deepEqual([...found], [...expected], `${seeds.join()} ${count}`);
      }
  });

  for (const kind of ['normal', 'truncatedNormal'] as const) {
    it(`${kind}: the same but for rounding`, () => {
      for (const seeds of SEEDS)
        for (const count of COUNTS) {
          const [found, expected] = both(kind, count, seeds);
          assert.equal(found.length, expected.length);
          found.forEach((value, i) => {
            assert.ok(Math.abs(value - expected[i]!) < 2e-6, `${seeds.join()} ${count}: ${value}, ${expected[i]}`);
          });
        }
    });
  }
});
