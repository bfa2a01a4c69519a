import assert from 'node:assert/strict';
import { Column } from '../../../webview/kit/data/column';
import { Smoothing, smoothingSpan, type SmoothingSource } from '../../../webview/kit/data/smoothing';

/** The weighted mean that the recursion stands for: weights w^age, divided by their sum. */
function direct(values: readonly number[], index: number, weight: number): number {
  let sum = 0;
  let weights = 0;
  let age = 0;
  for (let i = index; i >= 0; i--) {
    if (!Number.isFinite(values[i])) continue;
    sum += values[i]! * weight ** age;
    weights += weight ** age;
    age++;
  }
  return sum / weights;
}

/** Of a run that is kept whole: each value stands for itself. */
class Whole implements SmoothingSource {
  readonly values = new Column();
  readonly means = this.values;
  readonly counted = new Column();

  append(values: Float64Array): void {
    this.values.append(values);
    while (this.counted.length < this.values.length) this.counted.push(this.counted.length + 1);
  }
}

describe('smoothing', () => {
  const values = Array.from({ length: 400 }, (_, i) => (i % 37 === 5 ? NaN : Math.sin(i) + 100 / (i + 1)));

  for (const weight of [0, 0.3, 0.9, 0.99]) {
    it(`is the weighted mean of all values before, with ${weight}, however the points come`, () => {
      const source = new Whole();
      const smoothing = new Smoothing(source, weight);
      for (let i = 0; i < values.length; i += 7) {
        source.append(Float64Array.from(values.slice(i, i + 7)));
        smoothing.update();
      }
      assert.equal(smoothing.values.length, values.length);
      values.forEach((value, i) => {
        const shown = smoothing.values.at(i);
        if (Number.isNaN(value)) assert.ok(Number.isNaN(shown), String(i));
        else assert.ok(Math.abs(shown - direct(values, i, weight)) < 1e-9, `${i}: ${shown}`);
      });
    });
  }

  it('leaves a constant as it is, from the first value on', () => {
    const source = new Whole();
    source.append(new Float64Array(50).fill(2.5));
    const smoothing = new Smoothing(source, 0.9);
    smoothing.update();
    for (let i = 0; i < 50; i++) assert.ok(Math.abs(smoothing.values.at(i) - 2.5) < 1e-12);
  });

  it('says over how many points it averages', () => {
    assert.deepEqual([0, 0.9, 0.99, 0.999].map(smoothingSpan), [1, 10, 100, 1000]);
  });
});
