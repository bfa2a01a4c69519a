/** Says in words what a chart shows: start, best, newest value and trend of each curve. */
import * as l10n from '@vscode/l10n';
import { assertNever } from '../../../src/protocol/errors';
import { referenceName, validationName, type MetricTraits } from '../../../src/protocol/run';
import type { Column } from '../data/column';
import { LEARNING_RATE, type Curve, type RunSeries, type Table } from '../data/series';
import { count, figure, short } from '../../../src/words/numbers';

/** A loss that has risen by less than this share of its best is as good as it. */
const VISIBLE = 0.01;

/** No trend is told from fewer points: single steps are noisy, an epoch is a mean already. */
const FEWEST = { step: 20, epoch: 5 } as const;

export type Trend = 'falling' | 'rising' | 'level';

/** What a chart is called: the metric's own name, as in the model file. */
export function metricTitle(metric: string): string {
  return metric === LEARNING_RATE ? l10n.t('learning rate') : metric;
}

/** Whether less of this metric is better: by what it declares, else by its name. */
export function lowerIsBetter(metric: string, { better }: MetricTraits = {}): boolean {
  return better === undefined ? /loss|error|mse|mae|perplexity|crossentropy/i.test(metric) : better === 'lower';
}

export interface CurveFacts {
  readonly first: number;
  readonly last: number;
  readonly best: number;
  /** Index of the best value. */
  readonly bestAt: number;
  readonly lastAt: number;
  /** Undefined while there are too few points to tell one. */
  readonly trend: Trend | undefined;
}

/** A curve as it is drawn, of all the points from its first to its newest value. */
interface WholeCurve extends Curve {
  readonly first: number;
  readonly last: number;
  readonly counted: Column;
}

function curveFacts(curve: WholeCurve, lowerBetter: boolean, fewest: number): CurveFacts {
  const { values, pyramid, first, last, counted } = curve;
  const { minimum, maximum } = pyramid.extremes(0, values.length);
  const bestAt = lowerBetter ? minimum : maximum;
  const points = counted.at(last) + 1 - counted.at(first);
  return {
    first: values.at(first),
    last: values.at(last),
    best: values.at(bestAt),
    bestAt,
    lastAt: last,
    trend: points < fewest ? undefined : trend(curve, points),
  };
}

/** Compares the newest fifth of a curve with the fifth before it; less than one hundredth of its whole range is level. */
function trend(curve: WholeCurve, points: number): Trend {
  const { values, pyramid, first, last, counted } = curve;
  const window = Math.floor(points / 5);
  const end = counted.at(last) + 1;
  const newest = mean(curve, end - window, end) ?? values.at(last);
  const before = mean(curve, end - 2 * window, end - window) ?? values.at(first);
  const change = newest - before;
  const { minimum, maximum } = pyramid.extremes(0, values.length);
  const range = values.at(maximum) - values.at(minimum);
  if (Math.abs(change) <= 0.01 * range) return 'level';
  return change < 0 ? 'falling' : 'rising';
}

/** Mean of the finite values of the points [from, to), counted from 1, looking at about 256; undefined where it sees none. */
function mean({ means, counted }: WholeCurve, from: number, to: number): number | undefined {
  const stride = Math.max(1, Math.floor((to - from) / 256));
  let sum = 0;
  let n = 0;
  for (let i = from; i < to; i += stride) {
    const value = means.at(counted.lowerBound(i));
    if (!Number.isFinite(value)) continue;
    sum += value;
    n++;
  }
  return n === 0 ? undefined : sum / n;
}

function trendText(value: Trend): string {
  switch (value) {
    case 'falling':
      return l10n.t('falling');
    case 'rising':
      return l10n.t('rising');
    case 'level':
      return l10n.t('level');
    default:
      return assertNever(value);
  }
}

export interface CurveContext {
  readonly traits?: MetricTraits;
  /** What the model is called that this one is compared with, where there is one. */
  readonly reference?: string | undefined;
}

/** The sentences under the chart of `metric`, of the curves as they are drawn; empty before the first value. */
export function describeCurves(
  series: RunSeries,
  metric: string,
  smoothing: number,
  { traits, reference }: CurveContext = {},
): string {
  if (metric === LEARNING_RATE) return describeRate(series);
  const lowerBetter = lowerIsBetter(metric, traits);
  const steps = series.step.metrics.has(metric);
  const train = steps
    ? facts(series, 'step', metric, lowerBetter, smoothing)
    : facts(series, 'epoch', metric, lowerBetter);
  const validation = facts(series, 'epoch', validationName(metric), lowerBetter);
  const sentences: string[] = [];
  if (train !== undefined) {
    const { first, last, trend: direction, best, bestAt } = train.facts;
    const step = count(train.table.x.step.at(bestAt));
    sentences.push(
      direction === undefined
        ? l10n.t('Training {0} started at {1} and is {2} now.', metric, figure(first), figure(last))
        : l10n.t(
            'Training {0} started at {1}, is {2} now and {3}.',
            metric,
            figure(first),
            figure(last),
            trendText(direction),
          ),
      l10n.t('Its best was {0} at step {1}.', figure(best), step),
    );
  }
  if (validation !== undefined) {
    const { best, bestAt, last, lastAt } = validation.facts;
    const { x, counted } = validation.table;
    const epochOf = (index: number): string => count(x.epoch.at(index));
    const newest = l10n.t('Validation {0} is {1} after epoch {2}', metric, figure(last), epochOf(lastAt));
    sentences.push(
      last === best
        ? l10n.t('{0}, its best so far.', newest)
        : l10n.t('{0}; its best was {1} after epoch {2}.', newest, figure(best), epochOf(bestAt)),
    );
    // A few noisy epochs of many say nothing, nor does a difference that nobody sees.
    const patience = Math.max(2, counted.at(lastAt) / 10);
    if (
      lowerBetter &&
      last - best > VISIBLE * Math.abs(best) &&
      train?.facts.trend === 'falling' &&
      counted.at(lastAt) - counted.at(bestAt) >= patience
    ) {
      sentences.push(
        l10n.t(
          'It has not improved since epoch {0} while training {1} still falls: the model may be overfitting.',
          epochOf(bestAt),
          metric,
        ),
      );
    }
  }
  if (reference !== undefined) sentences.push(...describeReference(series, metric, smoothing, lowerBetter, reference));
  return sentences.join(' ');
}

function describeReference(
  series: RunSeries,
  metric: string,
  smoothing: number,
  lowerBetter: boolean,
  label: string,
): string[] {
  const name = referenceName(metric);
  const steps = series.step.metrics.has(name);
  const train = (
    steps ? facts(series, 'step', name, lowerBetter, smoothing) : facts(series, 'epoch', name, lowerBetter)
  )?.facts;
  if (train === undefined) return [];
  const validation = facts(series, 'epoch', validationName(name), lowerBetter)?.facts;
  return [
    validation === undefined
      ? l10n.t('Dashed, "{0}": training {1} {2}.', label, metric, figure(train.last))
      : l10n.t(
          'Dashed, "{0}": training {1} {2}, validation {1} {3}.',
          label,
          metric,
          figure(train.last),
          figure(validation.last),
        ),
  ];
}

function facts(
  series: RunSeries,
  kind: 'step' | 'epoch',
  name: string,
  lowerBetter: boolean,
  smoothing = 0,
): { facts: CurveFacts; table: Table } | undefined {
  const table = series[kind];
  const metric = table.metrics.get(name);
  if (metric === undefined || metric.last < 0) return undefined;
  const { values, pyramid, means } = metric.smooth(smoothing);
  const { first, last } = metric;
  const curve = { values, pyramid, means, first, last, counted: table.counted };
  return { facts: curveFacts(curve, lowerBetter, FEWEST[kind]), table };
}

function describeRate(series: RunSeries): string {
  const rate = facts(series, 'step', LEARNING_RATE, false)?.facts;
  if (rate === undefined) return '';
  return l10n.t('The learning rate began at {0} and is {1} now.', short(rate.first), short(rate.last));
}
