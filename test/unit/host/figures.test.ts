import assert from 'node:assert/strict';
import { ago, briefFigure, duration, figure, headline } from '../../../src/host/runs/figures';

describe('figures in the views', () => {
  it('have four significant digits', () => {
    const written: [number, string][] = [
      [0.91234, '0.9123'],
      [2.302585, '2.303'],
      [1, '1'],
      [0, '0'],
      [-0.5, '-0.5'],
      [12345.6, '12346'],
      [0.000123456, '0.0001235'],
      [0.0000123, '1.23e-5'],
      [2_500_000, '2.50e+6'],
      [NaN, 'NaN'],
      [Infinity, 'Infinity'],
    ];
    for (const [value, text] of written) assert.equal(figure(value), text);
  });

  it('put accuracy before loss and validation before training', () => {
    assert.deepEqual(headline({ loss: 1, accuracy: 0.5, val_loss: 2, val_accuracy: 0.4 }), {
      series: 'val_accuracy',
      value: 0.4,
    });
    assert.deepEqual(headline({ loss: 1, val_loss: 2 }), { series: 'val_loss', value: 2 });
    assert.deepEqual(headline({ meanSquaredError: 3 }), { series: 'meanSquaredError', value: 3 });
    assert.equal(headline({}), undefined);
  });

  it('are brief in a narrow column; a share that is not whole is not shown as 1', () => {
    const written: [string, number, string][] = [
      ['val_accuracy', 0.91984, '0.91'],
      ['accuracy', 0.9999, '0.99'],
      ['val_accuracy', 0.29, '0.29'],
      ['accuracy', 1, '1.00'],
      ['loss', 2.302585, '2.3'],
      ['val_loss', 0.012345, '0.0123'],
      ['loss', NaN, 'NaN'],
    ];
    for (const [series, value, text] of written) assert.equal(briefFigure(series, value), text);
  });

  it('write durations as people say them', () => {
    assert.deepEqual([0, 41.4, 60, 200, 3600, 3900].map(duration), [
      '0 s',
      '41 s',
      '1 min',
      '3 min 20 s',
      '1 h',
      '1 h 5 min',
    ]);
  });

  it('write how long ago something was', () => {
    const at = (seconds: number): string =>
      ago('2026-01-01T00:00:00.000Z', Date.UTC(2026, 0, 1) + seconds * 1000, 'en');
    assert.equal(at(0), 'now');
    assert.equal(at(59), '59 sec. ago');
    assert.equal(at(125), '2 min. ago');
    assert.equal(at(7300), '2 hr. ago');
    assert.equal(at(86_400), 'yesterday');
    assert.equal(at(-5), 'now', 'a clock that is a little behind');
    const narrow = ago('2026-01-01T00:00:00.000Z', Date.UTC(2026, 0, 1) + 125_000, 'en', 'narrow');
    assert.equal(narrow, '2m ago');
  });
});
