/** Runs that are longer than what a page keeps of them. */
import assert from 'node:assert/strict';
import type { Columns, PanelRun } from '../../../src/protocol/panel';
import type { RunRecord } from '../../../src/protocol/run';
import { Pyramid } from '../../../webview/kit/data/pyramid';
import { sample, Samples } from '../../../webview/kit/data/sampling';
import { RunSeries, type Metric, type Table } from '../../../webview/kit/data/series';
import { describeCurves } from '../../../webview/kit/text/curves';
import { PanelStore } from '../../../webview/panel/store';
import { generator } from '../../ui/panel/training';

/** A power of two; the page's own groups are no longer than this. */
const SPAN = 256;
const POINTS = 2 ** 20;

/** Steps of a training: a loss that falls and is noisy, with peaks here and there, and a metric that some steps lack. */
function history(length: number): Columns {
  const random = generator(5);
  const column = (value: (i: number) => number): Float64Array => Float64Array.from({ length }, (_, i) => value(i));
  let time = 0;
  return {
    kind: 'step',
    length,
    step: column((i) => i + 1),
    epoch: column((i) => (i + 1) / 1000),
    // Some steps take long.
    time: column(() => (time += random() < 0.001 ? 1 : 0.0006)),
    values: {
      loss: column((i) => {
        const value = 1 / (1 + i / 50_000) + 0.2 * random() ** 3;
        return random() < 1e-5 ? value + 5 * random() : value;
      }),
      precision: column((i) => (i < 5 || random() < 0.1 ? NaN : random())),
      learningRate: column(() => 0.001),
    },
  };
}

function seriesOf(columns: Columns, piece = 4096): RunSeries {
  const series = new RunSeries();
  for (let from = 0; from < columns.length; from += piece) {
    series[columns.kind].append(columns, from, Math.min(columns.length, from + piece));
  }
  return series;
}

function metricOf(table: Table, name: string): Metric {
  const metric = table.metrics.get(name);
  assert.ok(metric);
  return metric;
}

const list = (column: { length: number; at(index: number): number }): number[] =>
  Array.from({ length: column.length }, (_, i) => column.at(i));

describe('a run that is longer than what a page keeps of it', function () {
  this.timeout(60_000);
  let columns: Columns;
  let table: Table;
  before(() => {
    columns = history(POINTS);
    table = seriesOf(columns).step;
  });

  it('counts all of its points and keeps few', () => {
    assert.equal(table.points, POINTS);
    assert.ok(table.length < 65_536, String(table.length));
  });

  it('keeps points as they were measured, each in its place', () => {
    for (const [name, { values }] of table.metrics) {
      for (let row = 0; row < table.length; row++) {
        const i = table.x.step.at(row) - 1;
        assert.equal(table.counted.at(row), i + 1);
        assert.equal(table.x.time.at(row), columns.time[i]);
        assert.equal(values.at(row), columns.values[name]![i]);
      }
    }
  });

  for (const name of ['loss', 'precision']) {
    it(`has every peak of ${name}: the smallest and the largest value of each of ${POINTS / SPAN} parts`, () => {
      const { pyramid, values } = metricOf(table, name);
      for (let from = 0; from + SPAN <= columns.length; from += SPAN) {
        const part = columns.values[name]!.subarray(from, from + SPAN).filter(Number.isFinite);
        const rows = [from + 1, from + SPAN + 1].map((step) => table.x.step.lowerBound(step)) as [number, number];
        const { minimum, maximum } = pyramid.extremes(...rows);
        assert.equal(values.at(minimum), Math.min(...part), `from ${from}`);
        assert.equal(values.at(maximum), Math.max(...part), `from ${from}`);
      }
    });
  }

  it('keeps the first and the newest value of each series', () => {
    for (const [name, { first, last, values }] of table.metrics) {
      const all = columns.values[name]!;
      const ends = [all.findIndex(Number.isFinite), all.findLastIndex(Number.isFinite)];
      for (const [row, i] of [first, last].map((row, end) => [row, ends[end]!] as const)) {
        assert.deepEqual([table.x.step.at(row), values.at(row)], [i + 1, all[i]]);
      }
    }
    assert.equal(table.x.step.at(table.length - 1), POINTS);
  });

  it('is thinned alike, however its points came', () => {
    const other = seriesOf(columns, 999).step;
    assert.deepEqual(list(other.x.step), list(table.x.step));
    for (const name of table.metrics.keys()) {
      assert.deepEqual(list(metricOf(other, name).means), list(metricOf(table, name).means));
    }
  });

  it('loses no value in its means: together they have the sum of all', () => {
    const { means } = metricOf(table, 'loss');
    let sum = 0;
    for (let row = 0; row < table.length; row++) {
      sum += means.at(row) * (table.counted.at(row) - (row === 0 ? 0 : table.counted.at(row - 1)));
    }
    const expected = columns.values['loss']!.reduce((all, value) => all + value, 0);
    assert.ok(Math.abs(sum / expected - 1) < 1e-12, `${sum} ${expected}`);
  });

  it('is smoothed as the whole run is, as near as the points that a row stands for allow', () => {
    const weight = 0.999;
    const { values, last } = metricOf(table, 'loss');
    const smooth = metricOf(table, 'loss').smooth(weight).values;
    assert.equal(smooth.length, values.length);
    let average = 0;
    let row = 0;
    let furthest = 0;
    columns.values['loss']!.forEach((value, i) => {
      average = weight * average + (1 - weight) * value;
      if (table.x.step.at(row) !== i + 1) return;
      furthest = Math.max(furthest, Math.abs(smooth.at(row) - average / (1 - weight ** (i + 1))));
      row++;
    });
    assert.equal(row, last + 1);
    // The curve runs from 1 to 0.1.
    assert.ok(furthest < 0.005, String(furthest));
  });

  it('is smoothed alike by a curve that was there from the beginning and by one that came at the end', () => {
    const early = new RunSeries();
    early.step.append(columns, 0, 10);
    const live = metricOf(early.step, 'loss').smooth(0.9);
    early.step.append(columns, 10, columns.length);
    assert.equal(metricOf(early.step, 'loss').smooth(0.9).values, live.values);
    const late = metricOf(seriesOf(columns).step, 'loss').smooth(0.9);
    assert.deepEqual(list(live.values), list(late.values));
    const fresh = new Pyramid(live.values);
    fresh.update();
    assert.deepEqual(live.pyramid.extremes(0, live.values.length), fresh.extremes(0, live.values.length));
  });

  it('is drawn as the whole run is: the same extremes in every column of pixels', () => {
    const width = 500;
    const drawn = new Samples();
    const { values, pyramid } = metricOf(table, 'loss');
    sample(table.x.step, values, pyramid, { from: 0, to: columns.length, columns: width }, drawn);
    const part = columns.length / width;
    // The extremes of the group of points at a column's edge may lie in the column beside it.
    const reach = SPAN;
    for (let column = 0; column < width; column++) {
      const shown = drawn.list.filter(({ x }) => x > column * part && x <= (column + 1) * part).map(({ y }) => y);
      const inner = columns.values['loss']!.subarray(column * part + reach, (column + 1) * part - reach);
      assert.ok(Math.max(...shown) >= Math.max(...inner), `column ${column}`);
      assert.ok(Math.min(...shown) <= Math.min(...inner), `column ${column}`);
    }
  });

  it('is told in words by all of its points, whatever the part that was thinned less', () => {
    // Level, but for its last quarter, which falls: by rows, of which the newest stand close, it would be level.
    const length = 300_000;
    const falling = (i: number): number => (i < 0.75 * length ? 1 : 1 - (i - 0.75 * length) / length);
    const columns = history(length);
    columns.values['loss']!.forEach((_, i, loss) => (loss[i] = falling(i) + (i % 2 === 0 ? 0.3 : -0.001)));
    for (const smoothing of [0, 0.9]) {
      const text = describeCurves(seriesOf(columns), 'loss', smoothing);
      assert.match(text, /^Training loss started at .* and falling\./, String(smoothing));
    }
    assert.match(describeCurves(seriesOf(columns), 'loss', 0), /started at 1\.3000, is 0\.7490 now/);
  });
});

describe('the memory of a page', function () {
  this.timeout(60_000);
  const run = (key: string): PanelRun => ({ key, record: { id: key, state: 'finished' } as RunRecord });
  const keys = ['run', 'a', 'b', 'c', 'd', 'e'];
  let piece: Columns;
  before(() => {
    piece = history(50_000);
  });

  function opened(): PanelStore {
    const store = new PanelStore(() => 0);
    store.show(run('run'), null);
    store.setOverlays(keys.map(run), keys);
    return store;
  }

  /** The next points of a run, 50,000 a message. */
  function send(store: PanelStore, key: string, from: number): void {
    const later = (column: Float64Array): Float64Array => column.map((value) => value + from);
    store.points(key, from, [
      { ...piece, step: later(piece.step), epoch: later(piece.epoch), time: later(piece.time) },
    ]);
  }

  it('stays below 10 MB a run, in the foreground as in five overlays, however long they are', () => {
    const store = opened();
    for (const key of keys) {
      for (let from = 0; from < 600_000; from += piece.length) send(store, key, from);
      store.ingest.run(Infinity);
    }
    for (const { series } of [store.foreground!, ...store.overlays]) {
      assert.equal(series.points, 600_000);
      // Drawing them makes smoothed ones.
      for (const metric of series.step.metrics.values()) metric.smooth(0.9);
    }
    assert.ok(store.bytes < keys.length * 10e6, String(store.bytes));
  });

  it('does not grow with what waits while it draws no frames: nobody sees it', () => {
    const store = opened();
    for (let from = 0; from < 1_000_000; from += piece.length) send(store, 'run', from);
    assert.ok(store.ingest.pending);
    const taken = store.foreground?.series.points ?? 0;
    assert.ok(taken >= 800_000 && taken < 1_000_000, String(taken));
    store.show(run('other'), null);
    store.setOverlays([], []);
    assert.ok(!store.ingest.pending);
    // What was let go counts no more: nothing is taken before its frame.
    store.setOverlays([run('a')], ['a']);
    send(store, 'a', 0);
    assert.equal(store.overlays[0]?.series.points, 0);
  });
});
