import assert from 'node:assert/strict';
import { sample } from '../../support/sample';

describe('a sampled matrix', () => {
  const axes = { letter: ['a', 'b', 'c', 'd', 'e'], number: [1, 2, 3], flag: [true, false] } as const;

  it('has every value of every axis, and no more cells than the longest axis has values', () => {
    for (let seed = 0; seed < 100; seed++) {
      const cells = sample(axes, seed);
      assert.equal(cells.length, 5);
      for (const [name, values] of Object.entries(axes))
        assert.deepEqual(new Set<unknown>(cells.map((cell) => cell[name as 'flag'])), new Set<unknown>(values), name);
    }
  });

  it('is the same for the same seed, and reaches every cell by some seed', () => {
    assert.deepEqual(sample(axes, 7), sample(axes, 7));
    const seen = new Set(
      Array.from({ length: 300 }, (_, seed) => sample(axes, seed).map((cell) => JSON.stringify(cell))).flat(),
    );
    assert.equal(seen.size, 5 * 3 * 2);
  });

  it('is whole without a seed, and empty where an axis is', () => {
    const before = process.env['DEEP_LEARNING_LAB_TEST_SEED'];
    delete process.env['DEEP_LEARNING_LAB_TEST_SEED'];
    try {
      assert.equal(new Set(sample(axes).map((cell) => JSON.stringify(cell))).size, 30);
      assert.deepEqual(sample({ ...axes, number: [] }), []);
    } finally {
      if (before !== undefined) process.env['DEEP_LEARNING_LAB_TEST_SEED'] = before;
    }
    assert.deepEqual(sample({ ...axes, number: [] }, 1), []);
  });
});
