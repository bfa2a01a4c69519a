import assert from 'node:assert/strict';
import { toColumns } from '../../../src/protocol/columns';
import type { PanelRun } from '../../../src/protocol/panel';
import type { Point, RunRecord } from '../../../src/protocol/run';
import { readColumns, toFloat64 } from '../../../webview/kit/data/columns';
import { AXES, type RunSeries } from '../../../webview/kit/data/series';
import { hostMessages } from '../../../webview/panel/messages';
import { PanelStore } from '../../../webview/panel/store';

const STEPS_PER_EPOCH = 5;

function history(steps: number): Point[] {
  const points: Point[] = [];
  for (let step = 1; step <= steps; step++) {
    const base = { step, epoch: step / STEPS_PER_EPOCH, time: step * 0.25, learningRate: 0.1 };
    points.push({ ...base, kind: 'step', values: { loss: 1 / step, ...(step > 12 ? { extra: step } : {}) } });
    if (step % STEPS_PER_EPOCH === 0)
      points.push({ ...base, kind: 'epoch', values: { loss: 2 / step, val_loss: 3 / step } });
  }
  return points;
}

function panelRun(key: string): PanelRun {
  return { key, record: { id: key, state: 'training' } as RunRecord };
}

function store(...keys: readonly string[]): PanelStore {
  const made = new PanelStore(() => 0);
  made.show(panelRun('run'), null);
  if (keys.length > 0) made.setOverlays(keys.map(panelRun), keys);
  return made;
}

/** All that a series holds, as plain lists. */
function contents(series: RunSeries): unknown {
  const list = (column: { length: number; at(i: number): number }): number[] =>
    Array.from({ length: column.length }, (_, i) => column.at(i));
  return (['step', 'epoch'] as const).map((kind) => ({
    x: AXES.map((axis) => list(series[kind].x[axis])),
    metrics: [...series[kind].metrics].map(([name, metric]) => [name, list(metric.values), metric.last]),
  }));
}

const send = (to: PanelStore, points: readonly Point[], from: number, key = 'run'): boolean => {
  const taken = to.points(key, from, toColumns(points));
  to.ingest.run(Infinity);
  return taken;
};

describe('the store of the panel', () => {
  const points = history(60);

  it('holds the same after one snapshot, after point by point, and after overlapping parts', () => {
    const whole = store();
    send(whole, points, 0);
    const live = store();
    points.forEach((point, index) => send(live, [point], index));
    const late = store();
    send(late, points.slice(0, 30), 0);
    send(late, points.slice(0, 50), 0);
    send(late, points.slice(20, 60), 20);
    send(late, points.slice(60), 60);
    const expected = contents(whole.foreground!.series);
    assert.deepEqual(contents(live.foreground!.series), expected);
    assert.deepEqual(contents(late.foreground!.series), expected);
    assert.equal(whole.foreground!.series.points, points.length);
  });

  it('fills what a metric lacked before it first came', () => {
    const one = store();
    send(one, points, 0);
    const extra = one.foreground!.series.step.metrics.get('extra')!;
    assert.ok(Number.isNaN(extra.values.at(11)));
    assert.equal(extra.values.at(12), 13);
    assert.equal(extra.values.length, 60);
  });

  it('notices a gap and changes nothing then', () => {
    const one = store();
    send(one, points.slice(0, 10), 0);
    assert.equal(send(one, points.slice(20), 20), false);
    assert.equal(one.foreground!.series.points, 10);
    assert.equal(send(one, points, 0), true);
    assert.equal(one.foreground!.series.points, points.length);
  });

  it('does not count points that still wait as missing', () => {
    const one = store();
    assert.ok(one.points('run', 0, toColumns(points.slice(0, 10))));
    assert.ok(one.points('run', 10, toColumns(points.slice(10))));
    one.ingest.run(Infinity);
    assert.equal(one.foreground!.series.points, points.length);
  });

  it('keeps only runs that are drawn, and no more than five overlays', () => {
    const one = store('a', 'b', 'c', 'd', 'e', 'f', 'run');
    assert.deepEqual(one.shown, ['a', 'b', 'c', 'd', 'e']);
    send(one, points, 0, 'a');
    assert.ok(one.bytes > 0);
    one.setOverlays([], []);
    const alone = store();
    assert.equal(one.bytes, alone.bytes);
    assert.equal(send(one, points.slice(5), 5, 'a'), true);
  });

  it('shows another run without pictures or errors of the one before', () => {
    const one = store();
    one.picture('run', { kind: 'confusionMatrix', step: 1, epoch: 1, classes: [], counts: [], summary: '' });
    one.setActivity('run', { text: 'loading', fraction: 0.5 });
    one.error = { code: 'INTERNAL', message: 'x' };
    one.show(panelRun('other'), null);
    assert.equal(one.pictures.size, 0);
    assert.equal(one.activity, undefined);
    assert.equal(one.error, undefined);
    one.show(null, null);
    assert.equal(one.foreground, undefined);
  });

  it('forgets what was done when the run enters another phase, and only then', () => {
    const one = store();
    const run = one.foreground!.run;
    one.setActivity('run', { text: 'Training both models on 40 examples', fraction: 0.5 });
    one.record({ ...run, record: { ...run.record, points: 7 } });
    assert.equal(one.activity?.fraction, 0.5);
    one.record({ ...run, record: { ...run.record, state: 'finished' } });
    assert.equal(one.activity, undefined);
  });

  it('names metrics in pairs, and the learning rate only once it has changed', () => {
    const one = store();
    send(one, points, 0);
    assert.deepEqual(one.foreground!.series.metricNames(), ['loss', 'extra']);
    const changed = store();
    send(changed, [points[0]!, { ...points[1]!, learningRate: 0.01 }], 0);
    assert.deepEqual(changed.foreground!.series.metricNames(), ['learningRate', 'loss']);
  });

  it('takes a large snapshot in slices that end with the budget', () => {
    let clock = 0;
    const one = new PanelStore(() => clock++);
    one.show(panelRun('run'), null);
    const length = 100_000;
    const column = Float64Array.from({ length }, (_, i) => i + 1);
    const columns = {
      kind: 'step' as const,
      length,
      step: column,
      epoch: column,
      time: column,
      values: { loss: column },
    };
    one.points('run', 0, [columns]);
    const first = one.ingest.run(2);
    assert.ok(first > 0 && first < 30_000, String(first));
    let rounds = 1;
    while (one.ingest.pending) {
      one.ingest.run(2);
      rounds++;
    }
    assert.ok(rounds > 3);
    const { points, metrics } = one.foreground!.series.step;
    assert.equal(points, length);
    const loss = metrics.get('loss')!;
    assert.equal(loss.values.at(loss.last), length);
  });
});

describe('columns as they come through postMessage', () => {
  it('reads typed arrays, buffers, bytes and lists with null for NaN', () => {
    const values = Float64Array.of(1.5, NaN, -3);
    const bytes = new Uint8Array(values.byteLength + 3);
    bytes.set(new Uint8Array(values.buffer), 3);
    assert.deepEqual(toFloat64(values), values);
    assert.deepEqual(toFloat64(values.buffer), values);
    assert.deepEqual(toFloat64(bytes.subarray(3)), values);
    assert.deepEqual(toFloat64(JSON.parse(JSON.stringify([...values]))), values);
  });

  it('refuses what is no column, and one that is too short', () => {
    assert.throws(() => toFloat64('1,2'), TypeError);
    const column = new Float64Array(2);
    const columns = { kind: 'step' as const, length: 3, step: column, epoch: column, time: column, values: {} };
    assert.throws(() => readColumns(columns), /Column step holds 2 values, expected 3/);
  });
});

describe('messages to the page', () => {
  it("are taken when they are the host's, and nothing else is: an unknown one would be a fault", () => {
    const show = { type: 'show', run: null, lesson: null };
    const lost = { type: 'connection', state: 'lost' };
    assert.deepEqual(hostMessages(show), [show]);
    assert.deepEqual(hostMessages([show, { type: 'toString' }, lost]), [show, lost]);
    for (const other of [undefined, null, 'show', {}, { type: 3 }, { type: 'vscode-did-load' }, { type: 'toString' }]) {
      assert.deepEqual(hostMessages(other), [], JSON.stringify(other));
    }
  });
});
