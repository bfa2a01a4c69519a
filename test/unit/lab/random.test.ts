import assert from 'node:assert/strict';
import { createRandom, integer, normal, shuffle } from '../../../src/lab/random';

describe('lab/random', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    const draw = (seed: number): number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 100 }, () => random.next());
    };
    assert.deepEqual(draw(1), draw(1));
    const first = [0, 1, 2, 3, -1, 2 ** 31, 2 ** 32 + 1, 0.5].map((seed) => draw(seed)[0]);
    assert.equal(new Set(first).size, first.length - 1, 'only 0 and 0.5 have the same integer part');
  });

  it('agrees with sfc32 as its author wrote it, from the same state', () => {
    // PractRand's sfc32: tmp = a + b + counter++; a = b ^ (b >> 9); b = c + (c << 3); c = rotl(c, 21) + tmp.
    const random = createRandom(7);
    let [a, b, c, counter] = random.state().map(BigInt) as [bigint, bigint, bigint, bigint];
    const word = (value: bigint): bigint => value & 0xffffffffn;
    for (let i = 0; i < 1000; i++) {
      const expected = word(a + b + counter);
      counter = word(counter + 1n);
      a = b ^ (b >> 9n);
      b = word(c + (c << 3n));
      c = word(word((c << 21n) | (c >> 11n)) + expected);
      assert.equal(random.next() * 2 ** 32, Number(expected));
    }
  });

  it('continues exactly from a saved state, and refuses what is not one', () => {
    const random = createRandom(3);
    for (let i = 0; i < 10; i++) random.next();
    const saved = JSON.parse(JSON.stringify(random.state())) as number[];
    const expected = Array.from({ length: 20 }, () => random.next());
    const other = createRandom(99);
    other.restore(saved);
    assert.deepEqual(
      Array.from({ length: 20 }, () => other.next()),
      expected,
    );
    assert.throws(() => {
      other.restore([1, 2, 3]);
    }, RangeError);
    assert.throws(() => {
      other.restore([1, 2, 3, -4]);
    }, RangeError);
  });

  it('is uniform: every tenth of [0, 1) gets its share', () => {
    const random = createRandom(11);
    const bins = new Array<number>(10).fill(0);
    const draws = 100_000;
    for (let i = 0; i < draws; i++) bins[Math.floor(random.next() * 10)]! += 1;
    const chiSquare = bins.reduce((sum, count) => sum + (count - draws / 10) ** 2 / (draws / 10), 0);
    assert.ok(chiSquare < 27.9, `χ² = ${chiSquare}, the 0.1 % point with 9 degrees of freedom is 27.88`);
  });

  it('draws normal numbers with mean 0, variance 1 and the right tails', () => {
    const random = createRandom(5);
    const draws = Array.from({ length: 100_000 }, () => normal(random));
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    const beyondTwo = draws.filter((x) => Math.abs(x) > 2).length / draws.length;
    assert.ok(Math.abs(mean) < 0.015, `mean ${mean}`);
    assert.ok(Math.abs(variance - 1) < 0.02, `variance ${variance}`);
    assert.ok(Math.abs(beyondTwo - 0.0455) < 0.003, `P(|x| > 2) = ${beyondTwo}`);
    assert.ok(draws.every(Number.isFinite));
  });

  it('shuffles into every order equally often and keeps the elements', () => {
    const random = createRandom(2);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffle(random, [1, 2, 3]).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    for (const [order, count] of counts) assert.ok(Math.abs(count - 1000) < 130, `${order}: ${count}`);
    assert.deepEqual([...shuffle(random, Int32Array.from([5, 5, 6]))].sort(), [5, 5, 6]);
    assert.ok(Array.from({ length: 1000 }, () => integer(random, 3)).every((i) => i >= 0 && i < 3));
  });
});
