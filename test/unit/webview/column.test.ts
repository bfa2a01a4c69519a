import assert from 'node:assert/strict';
import { Column } from '../../../webview/kit/data/column';

describe('a column of the panel', () => {
  it('keeps every value over many blocks, however it was appended', () => {
    const column = new Column();
    const expected: number[] = [];
    let next = 0;
    for (const size of [1, 255, 1, 70_000, 3, 65_536, 131_072, 17]) {
      const part = Float64Array.from({ length: size }, () => next++ * 0.5);
      column.append(part);
      for (const value of part) expected.push(value);
      column.push(-next);
      expected.push(-next);
    }
    assert.equal(column.length, expected.length);
    assert.ok(expected.every((value, index) => column.at(index) === value));
  });

  it('holds a million values in eight million bytes and at most one block more', () => {
    const column = new Column();
    for (let i = 0; i < 1000; i++) column.append(new Float64Array(1000));
    assert.ok(column.bytes >= 8e6 && column.bytes <= 8e6 + 65_536 * 8, String(column.bytes));
  });

  it('starts small', () => {
    const column = new Column();
    column.append(new Float64Array(300));
    assert.ok(column.bytes <= 4096, String(column.bytes));
  });

  it('answers NaN outside', () => {
    const column = new Column();
    column.push(1);
    assert.deepEqual([column.at(-1), column.at(0), column.at(1)], [NaN, 1, NaN]);
  });

  it('finds the first value not below and the nearest', () => {
    const column = new Column();
    for (const value of [1, 2, 2, 5, 9]) column.push(value);
    assert.deepEqual(
      [0, 1, 2, 3, 9, 10].map((value) => column.lowerBound(value)),
      [0, 0, 1, 3, 4, 5],
    );
    assert.deepEqual(
      [-3, 1.4, 3.4, 3.6, 7, 100].map((value) => column.nearest(value)),
      [0, 0, 2, 3, 3, 4],
    );
    assert.equal(new Column().nearest(1), -1);
  });
});
