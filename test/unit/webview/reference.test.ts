/** A run beside the model that it is compared with: its curves, their looks, and what is said of them. */
import assert from 'node:assert/strict';
import { toColumns } from '../../../src/protocol/columns';
import type { Point } from '../../../src/protocol/run';
import { describeSizes } from '../../../src/words/pictures/sizeStudy';
import { linesOf, type ChartRun } from '../../../webview/kit/charts/lines';
import { lineLook, lookOf } from '../../../webview/kit/charts/looks';
import { RunSeries } from '../../../webview/kit/data/series';
import { sizeRange, sizeTicks, valueRange } from '../../../webview/kit/pictures/sizeStudy/sizeScale';
import { describeCurves } from '../../../webview/kit/text/curves';
import type { Theme } from '../../../webview/kit/theme/theme';

function series(): RunSeries {
  const made = new RunSeries();
  const base = (step: number): Omit<Point, 'kind' | 'values'> => ({ step, epoch: step, time: step, learningRate: 0.1 });
  const points: Point[] = [1, 2, 3, 4].flatMap((step): Point[] => [
    { ...base(step), kind: 'step', values: { loss: 4 / step, reference_loss: 8 / step } },
    {
      ...base(step),
      kind: 'epoch',
      values: { loss: 4 / step, reference_loss: 8 / step, val_loss: 5 / step, val_reference_loss: 9 / step },
    },
  ]);
  for (const columns of toColumns(points)) made[columns.kind].append(columns, 0, columns.length);
  return made;
}

const run = (place: number, reference?: string): ChartRun => ({
  key: `run ${place}`,
  name: `run of ${place}`,
  place,
  series: series(),
  ...(reference === undefined ? {} : { reference }),
});

describe('the curves of a model to compare with', () => {
  it('are in the chart of the metric that they show', () => {
    assert.deepEqual(series().metricNames(), ['loss']);
  });

  it('come after the own ones by the name that the learner gave, and are drawn once', () => {
    const lines = linesOf([run(0, 'plain'), run(1, 'plain')], 'loss', 0.5);
    assert.deepEqual(
      lines.map(({ label, reference, faint }) => [label, reference, faint]),
      [
        ['validation', false, false],
        ['train, smoothed', false, false],
        ['train, each step', false, true],
        ['plain · validation', true, false],
        ['plain · train, smoothed', true, false],
        ['run of 1 · validation', false, false],
        ['run of 1 · train, smoothed', false, false],
      ],
    );
    assert.equal(new Set(lines.map(({ id }) => id)).size, lines.length);
    const validation = lines.find(({ label }) => label === 'plain · validation');
    assert.deepEqual([validation?.run, validation?.values.at(3)], ['plain', 9 / 4]);
  });

  it('are not drawn where the run names none', () => {
    assert.ok(linesOf([run(0)], 'loss', 0).every(({ reference }) => !reference));
  });

  it('are told apart from every other curve without colour', () => {
    const color = { r: 1, g: 2, b: 3, a: 1 };
    const theme = { foreground: color, background: color, series: [color] } as unknown as Theme;
    const own = [0, 1, 2, 3, 4, 5].flatMap((place) =>
      [false, true].map((validation) => lineLook(theme, place, validation)),
    );
    const shape = ({ dash, point, ground }: ReturnType<typeof lineLook>): string =>
      JSON.stringify([dash, point, ground !== undefined]);
    const others = [false, true].map((validation) => lookOf(theme, { place: 0, validation, reference: true }));
    for (const other of others) assert.ok(!own.some((look) => shape(look) === shape(other)));
    assert.notEqual(shape(others[0]!), shape(others[1]!));
  });

  it('are in the words under the chart', () => {
    assert.match(
      describeCurves(series(), 'loss', 0, { reference: 'plain' }),
      /its best so far\. Dashed, "plain": training loss 2\.0000, validation loss 2\.2500\.$/,
    );
    assert.ok(!describeCurves(series(), 'loss', 0).includes('Dashed'));
  });
});

describe('a study by number of examples', () => {
  const study = {
    kind: 'sizeStudy' as const,
    step: 1,
    epoch: 1,
    metric: 'val_accuracy' as const,
    label: 'transfer',
    referenceLabel: 'from scratch',
  };
  const row = (examples: number, value: number | null, reference: number | null) => ({
    examples,
    epochs: 3,
    value,
    reference,
  });

  it('says first, last and where the models differ most', () => {
    const rows = [row(10, 0.7, 0.4), row(50, 0.9, 0.5), row(1000, 0.95, 0.93)];
    assert.equal(
      describeSizes({ ...study, rows }),
      'With 10 training examples "transfer" reaches val_accuracy 0.7000, "from scratch" 0.4000. ' +
        'With 1,000 training examples "transfer" reaches val_accuracy 0.9500, "from scratch" 0.9300. ' +
        'The difference is largest with 50 examples: 0.4000.',
    );
    assert.match(describeSizes({ ...study, rows: rows.slice(0, 1) }), /^With 10 .* 0\.4000\.$/);
    assert.equal(describeSizes({ ...study, rows: [] }), '');
  });

  it('says of a loss that was no number that it was none, and compares the rest', () => {
    const rows = [row(10, 0.7, null), row(50, 0.9, 0.5), row(100, 0.9, 0.8)];
    assert.match(describeSizes({ ...study, rows }), /"from scratch" –\..*largest with 50 examples: 0\.4000\.$/);
    assert.ok(!describeSizes({ ...study, rows: rows.map((one) => ({ ...one, reference: null })) }).includes('largest'));
  });

  it('marks its axis with sizes that were tried, as many as fit, and both ends', () => {
    const sizes = [10, 20, 50, 100, 1000];
    assert.deepEqual(sizeTicks(sizes, 99), sizes);
    assert.deepEqual(sizeTicks(sizes, 3), [10, 100, 1000]);
    assert.deepEqual(sizeTicks(sizes, 2), [10, 1000]);
    assert.deepEqual(sizeTicks([7], 5), [7]);
    assert.deepEqual(sizeTicks([], 5), []);
    const { min, max } = sizeRange(sizes);
    assert.ok(min > 0 && min < 10 && max > 1000 && max < 1500);
    assert.deepEqual(sizeRange([8]), { min: 4, max: 16 });
  });

  it('leaves no room where there can be no share', () => {
    assert.deepEqual(valueRange([0.5, 1, null], true), { min: 0.46, max: 1 });
    assert.deepEqual(valueRange([], true), { min: 0, max: 1 });
    assert.equal(valueRange([0.1, 2], false).min, 0);
  });
});
