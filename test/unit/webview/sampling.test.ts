import assert from 'node:assert/strict';
import { Column } from '../../../webview/kit/data/column';
import { Pyramid } from '../../../webview/kit/data/pyramid';
import { sample, Samples } from '../../../webview/kit/data/sampling';

/** Numbers without pattern, the same each time (a linear congruential generator). */
function noise(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

function filled(values: readonly number[]): Column {
  const column = new Column();
  column.append(Float64Array.from(values));
  return column;
}

describe('the pyramid of extremes', () => {
  it('agrees with a plain search in any stretch, while it grows', () => {
    const random = noise(7);
    const column = new Column();
    const values: number[] = [];
    const pyramid = new Pyramid(column);
    for (let round = 0; round < 60; round++) {
      const part = Float64Array.from({ length: Math.floor(random() * 200) }, () =>
        random() < 0.1 ? NaN : Math.round(random() * 1000),
      );
      column.append(part);
      values.push(...part);
      pyramid.update();
      for (let query = 0; query < 20; query++) {
        const from = Math.floor(random() * values.length);
        const to = from + Math.floor(random() * (values.length - from + 1));
        const finite = values.slice(from, to).filter(Number.isFinite);
        const { minimum, maximum } = pyramid.extremes(from, to);
        if (finite.length === 0) {
          assert.equal(minimum, -1);
          continue;
        }
        assert.equal(values[minimum], Math.min(...finite));
        assert.equal(values[maximum], Math.max(...finite));
        // The earliest of equals, so that drawing the same twice gives the same.
        assert.equal(minimum, values.indexOf(values[minimum], from));
        assert.equal(maximum, values.indexOf(values[maximum], from));
      }
    }
  });

  it('leaves infinite values out', () => {
    const column = filled([1, Infinity, -Infinity, 3, ...new Array<number>(40).fill(2)]);
    const pyramid = new Pyramid(column);
    pyramid.update();
    assert.deepEqual(pyramid.extremes(0, column.length), { minimum: 0, maximum: 3 });
  });

  it('costs less than half of the values themselves', () => {
    const column = new Column();
    const pyramid = new Pyramid(column);
    for (let i = 0; i < 100; i++) {
      column.append(new Float64Array(10_000));
      pyramid.update();
    }
    assert.ok(pyramid.bytes < 4e6, String(pyramid.bytes));
  });
});

describe('what of a series is drawn', () => {
  const count = 50_000;
  const random = noise(3);
  // Uneven distances, as seconds are.
  let time = 0;
  const x = Array.from({ length: count }, () => (time += random() < 0.01 ? 5 : 0.01));
  const y = Array.from({ length: count }, (_, i) => Math.exp(-i / 9000) + (random() - 0.5) * 0.2);
  y[31_234] = 40;
  y[77] = -3;
  const columnX = filled(x);
  const columnY = filled(y);
  const pyramid = new Pyramid(columnY);
  pyramid.update();
  const window = { from: 0, to: x[count - 1]!, columns: 400 };

  it('has the smallest and the largest value of every window', () => {
    const samples = new Samples();
    sample(columnX, columnY, pyramid, window, samples);
    assert.ok(samples.list.length <= 800);
    const width = (window.to - window.from) / window.columns;
    const windowOf = (value: number): number => Math.min(window.columns - 1, Math.floor((value - window.from) / width));
    const extremes = (list: readonly { x: number; y: number }[]): Map<number, [number, number]> => {
      const found = new Map<number, [number, number]>();
      for (const item of list) {
        const [low, high] = found.get(windowOf(item.x)) ?? [Infinity, -Infinity];
        found.set(windowOf(item.x), [Math.min(low, item.y), Math.max(high, item.y)]);
      }
      return found;
    };
    const all = x.map((value, index) => ({ x: value, y: y[index]! }));
    assert.deepEqual(extremes(samples.list), extremes(all));
  });

  it('stays in order', () => {
    const samples = new Samples();
    sample(columnX, columnY, pyramid, window, samples);
    assert.ok(samples.list.every((item, i) => i === 0 || item.x >= samples.list[i - 1]!.x));
  });

  it('is all of a short series, without missing values', () => {
    const samples = new Samples();
    const short = filled([3, NaN, 1, 2]);
    const own = new Pyramid(short);
    own.update();
    sample(filled([1, 2, 3, 4]), short, own, { from: 0, to: 4, columns: 50 }, samples);
    assert.deepEqual(samples.list, [
      { x: 1, y: 3 },
      { x: 3, y: 1 },
      { x: 4, y: 2 },
    ]);
  });

  it('has no value without a logarithm on a logarithmic axis', () => {
    const samples = new Samples();
    sample(columnX, columnY, pyramid, window, samples, true);
    assert.ok(samples.list.length > 400);
    assert.ok(samples.list.every((item) => item.y > 0));
  });

  it('makes no new objects when it is drawn again', () => {
    const samples = new Samples();
    sample(columnX, columnY, pyramid, window, samples);
    const before = [...samples.list];
    sample(columnX, columnY, pyramid, window, samples);
    assert.ok(samples.list.every((item, index) => item === before[index]));
  });
});
