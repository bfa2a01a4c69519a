import assert from 'node:assert/strict';
import { toColumns } from '../../../src/protocol/columns';
import type { EndReason, Point, RunRecord } from '../../../src/protocol/run';
import { tickStep, ticksOf, tickText, xRange } from '../../../webview/kit/charts/axes';
import { RunSeries } from '../../../webview/kit/data/series';
import { describeCurves, lowerIsBetter } from '../../../webview/kit/text/curves';
import { figure, percent, short } from '../../../src/words/numbers';
import { duration, moment, timeLeft } from '../../../src/words/times';
import { canResume } from '../../../webview/kit/text/states';
import { endSentence } from '../../../src/words/runs';
import { powerOf, weightOf } from '../../../webview/panel/smoothingScale';
import { DEFAULT_STATE, readState } from '../../../webview/panel/state';

function series(losses: readonly number[], validation: readonly number[] = []): RunSeries {
  const made = new RunSeries();
  const perEpoch = validation.length === 0 ? 1 : losses.length / validation.length;
  const base = (step: number): Omit<Point, 'kind' | 'values'> => ({
    step,
    epoch: step / perEpoch,
    time: step,
    learningRate: step < 3 ? 0.1 : 0.01,
  });
  const points: Point[] = [
    ...losses.map((loss, i) => ({ ...base(i + 1), kind: 'step' as const, values: { loss } })),
    ...validation.map((val_loss, i) => ({ ...base((i + 1) * perEpoch), kind: 'epoch' as const, values: { val_loss } })),
  ];
  for (const columns of toColumns(points)) made[columns.kind].append(columns, 0, columns.length);
  return made;
}

describe('what the panel says of curves', () => {
  it('says start, newest, best and trend', () => {
    const losses = Array.from({ length: 20 }, (_, i) => 2 - i / 16);
    assert.equal(
      describeCurves(series(losses), 'loss', 0),
      'Training loss started at 2.0000, is 0.8125 now and falling. Its best was 0.8125 at step 20.',
    );
  });

  it('says nothing of a trend before there are enough points to tell one', () => {
    const losses = Array.from({ length: 19 }, (_, i) => 2 - i / 16);
    for (const points of [2, 19]) {
      const last = losses[points - 1]!.toFixed(4);
      assert.equal(
        describeCurves(series(losses.slice(0, points)), 'loss', 0),
        `Training loss started at 2.0000 and is ${last} now. Its best was ${last} at step ${points}.`,
      );
    }
    // Of epochs, which are means already, fewer are enough.
    const epochs = (values: readonly number[]): RunSeries => {
      const made = new RunSeries();
      const points = values.map((accuracy, i) => ({
        kind: 'epoch' as const,
        step: i + 1,
        epoch: i + 1,
        time: i + 1,
        learningRate: 0.1,
        values: { accuracy },
      }));
      for (const columns of toColumns(points)) made[columns.kind].append(columns, 0, columns.length);
      return made;
    };
    const accuracies = [0.9, 0.8, 0.7, 0.6, 0.5];
    assert.match(describeCurves(epochs(accuracies), 'accuracy', 0), /is 0\.5000 now and falling\./);
    assert.doesNotMatch(describeCurves(epochs(accuracies.slice(0, 4)), 'accuracy', 0), /falling/);
  });

  it('speaks of the curve as it is drawn when it is smoothed', () => {
    // With w = 0.5: s = [4, (4·½ + 1) / (1 + ½)] = [4, 2].
    assert.equal(
      describeCurves(series([4, 1]), 'loss', 0.5),
      'Training loss started at 4.0000 and is 2.0000 now. Its best was 2.0000 at step 2.',
    );
  });

  it('names the epoch of the best validation and warns of overfitting', () => {
    const train = Array.from({ length: 20 }, (_, i) => 2 - i * 0.09);
    const said = describeCurves(series(train, [1.5, 0.9, 1, 1.1]), 'loss', 0);
    assert.match(said, /Validation loss is 1\.1000 after epoch 4; its best was 0\.9000 after epoch 2\./);
    assert.match(
      said,
      /has not improved since epoch 2 while training loss still falls: the model may be overfitting\.$/,
    );
  });

  it('does not take two noisy epochs of thirty for overfitting', () => {
    const train = Array.from({ length: 60 }, (_, i) => 2 - i * 0.03);
    const validation = Array.from({ length: 30 }, (_, i) => (i === 27 ? 0.1 : 1.6 - i * 0.05));
    assert.doesNotMatch(describeCurves(series(train, validation), 'loss', 0), /overfitting/);
  });

  it('does not take a rise of two thousandths for overfitting', () => {
    const train = Array.from({ length: 20 }, (_, i) => 2 - i * 0.09);
    assert.doesNotMatch(describeCurves(series(train, [1.0168, 1.0187, 1.0187]), 'loss', 0), /overfitting/);
  });

  it('does not warn while validation improves', () => {
    const said = describeCurves(series([4, 3, 2, 1], [3, 2]), 'loss', 0);
    assert.match(said, /Validation loss is 2\.0000 after epoch 2, its best so far\.$/);
  });

  it('does not take values that are missing for zeros', () => {
    const losses = Array.from({ length: 20 }, (_, i) => (i > 11 && i < 15 ? NaN : 10 - i / 2));
    assert.match(describeCurves(series(losses), 'loss', 0), /is 0\.5000 now and falling\./);
  });

  it('tells of a learning rate that was changed', () => {
    assert.equal(
      describeCurves(series([4, 3, 2, 1]), 'learningRate', 0.9),
      'The learning rate began at 0.1 and is 0.01 now.',
    );
  });

  it('says nothing before the first value', () => {
    assert.equal(describeCurves(new RunSeries(), 'loss', 0.9), '');
  });

  it('knows which metrics should fall', () => {
    assert.deepEqual(
      ['loss', 'meanSquaredError', 'mse', 'accuracy', 'precision'].map((name) => lowerIsBetter(name)),
      [true, true, true, false, false],
    );
  });

  it('believes a metric that says which way is good', () => {
    assert.equal(lowerIsBetter('surprise', { better: 'lower' }), true);
    assert.equal(lowerIsBetter('lossOfFat', { better: 'higher' }), false);
    const said = describeCurves(series([1, 2, 3, 4]), 'loss', 0, { traits: { better: 'higher' } });
    assert.match(said, /Its best was 4/);
  });
});

describe('figures of the panel', () => {
  it('keep their width while they change', () => {
    assert.deepEqual([0.5, 2.30259, 45.67891, 512.3456, 12_345.67, 0, 0.00012345, 3e7, NaN].map(figure), [
      '0.5000',
      '2.3026',
      '45.679',
      '512.35',
      '12345.7',
      '0.0000',
      '1.23e-4',
      '3.000e+7',
      '–',
    ]);
  });

  it('write learning rates as people do', () => {
    assert.deepEqual([0.001, 0.00025, 1, 0.1 + 0.2, 2.5e-5, 1e-6, 0].map(short), [
      '0.001',
      '0.00025',
      '1',
      '0.3',
      '2.5e-5',
      '1e-6',
      '0',
    ]);
  });

  it('write durations and time left', () => {
    assert.deepEqual([0.31, 41, 65, 3599.7, 3720].map(duration), [
      '0.3 s',
      '41 s',
      '1 min 05 s',
      '1 h 00 min',
      '1 h 02 min',
    ]);
    assert.equal(timeLeft(0.2), '1 s left');
    assert.equal(percent(0.876), '88%');
  });
});

describe('the name of a run', () => {
  it('is its time of day, in the first hour of it as well; the day before, with the date', () => {
    const now = new Date('2026-11-24T18:00:00');
    assert.equal(moment('2026-11-24T00:05:09', now), '00:05:09');
    assert.equal(moment('2026-11-23T23:59:00', now), 'Nov 23, 23:59:00');
  });
});

describe('the x axis', () => {
  it('has ticks at round distances, never more than fit', () => {
    assert.deepEqual(ticksOf('step', { from: 0, to: 2760 }, 6), [0, 500, 1000, 1500, 2000, 2500]);
    assert.deepEqual(ticksOf('epoch', { from: 0, to: 3.4 }, 6), [0, 1, 2, 3]);
    assert.deepEqual(ticksOf('time', { from: 0, to: 200 }, 4), [0, 60, 120, 180]);
    for (const axis of ['step', 'epoch', 'time'] as const) {
      for (let to = 1; to < 1e7; to *= 1.7)
        assert.ok(to / tickStep(axis, { from: 0, to }, 6) <= 6.0001, `${axis} ${to}`);
    }
  });

  it('writes thousands and minutes short', () => {
    assert.deepEqual(
      [0, 500, 25_000, 1_500_000].map((value) => tickText('step', value)),
      ['0', '500', '25k', '1.5M'],
    );
    assert.deepEqual(
      [0, 0.5, 45, 90, 3720].map((value) => tickText('time', value)),
      ['0 s', '0.5 s', '45 s', '1:30', '1:02:00'],
    );
  });

  it('starts at zero unless a run was resumed far from it', () => {
    assert.deepEqual(xRange(1, 100), { from: 0, to: 100 });
    assert.deepEqual(xRange(500, 900), { from: 500, to: 900 });
    assert.deepEqual(xRange(1, 1), { from: 1, to: 2 });
  });
});

describe('the end of a run', () => {
  const record = (reason: EndReason, checkpoints: string[] = ['a'], step = 7): RunRecord =>
    ({
      end: { reason, at: '', unattended: false },
      checkpoints,
      config: { epochs: 10 },
      progress: { epoch: 3, step, seconds: 41 },
    }) as unknown as RunRecord;
  const REASONS: readonly EndReason[] = [
    'completed',
    'targetReached',
    'noImprovement',
    'stoppedByUser',
    'killed',
    'abandoned',
    'error',
    'trainerDied',
  ];

  it('has a sentence of its own for every reason', () => {
    const sentences = REASONS.map((reason) => endSentence(record(reason)));
    assert.equal(new Set(sentences).size, REASONS.length);
    assert.equal(sentences[0], 'All 10 epochs are done, after 41 s.');
    assert.equal(endSentence(record('error', [], 0)), 'An error ended the run before its first step.');
  });

  it('offers to go on only where something is left to do and a checkpoint is there', () => {
    assert.deepEqual(
      REASONS.filter((reason) => canResume(record(reason))),
      ['stoppedByUser', 'killed', 'abandoned', 'error', 'trainerDied'],
    );
    assert.equal(canResume(record('killed', [])), false);
  });
});

describe('what the panel remembers', () => {
  it('takes back what it kept', () => {
    const kept = { axis: 'time', smoothing: 0.5, logLoss: true, collapsed: ['matrix'] };
    assert.deepEqual(readState(JSON.parse(JSON.stringify(kept))), kept);
  });

  it('replaces each part that makes no sense by its default', () => {
    assert.deepEqual(readState(undefined), DEFAULT_STATE);
    assert.deepEqual(readState({ axis: 'wall', smoothing: 1, logLoss: 'yes', collapsed: [3] }), DEFAULT_STATE);
    assert.deepEqual(readState({ smoothing: NaN, axis: 'epoch' }), { ...DEFAULT_STATE, axis: 'epoch' });
  });

  it('moves the smoothing slider over powers of ten', () => {
    assert.deepEqual(
      [0, 1, 2].map((power) => Number(weightOf(power).toFixed(6))),
      [0, 0.9, 0.99],
    );
    for (const power of [0, 0.3, 1, 2.7]) assert.ok(Math.abs(powerOf(weightOf(power)) - power) < 1e-9);
  });
});
