/** Numbers as a figure. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { display } from '../../../lab/cells/display';
import type { Figure, PlotData, PlotOptions, Row } from '../../../lab/cells/plot';
import type { FigureDisplay, FigureSeries } from '../../../protocol/display';
import { Made } from '../display';
import { binned, float32s, summaryOf } from '../display/numbers';
import { checkCount, checkTensor, wrongArgument } from './arguments';

const KINDS = ['line', 'points', 'bars', 'histogram'] as const;
const BINS = 40;
/** Numbers of a curve that are sent: more than there are pixels say no more. */
const MOST_POINTS = 20_000;
const MOST_SERIES = 50;

interface Series {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** @throws LabError CELL_ARGUMENT */
export function plot(data: PlotData, options: PlotOptions = {}): Figure {
  const kind = KINDS.find((known) => known === (options.kind ?? 'line'));
  if (kind === undefined) throw wrongArgument({ field: 'plot: kind', expected: KINDS.join(', '), found: options.kind });
  const names = Array.isArray(options.x) && typeof options.x[0] === 'string' ? (options.x as string[]) : undefined;
  const places = options.x === undefined || names !== undefined ? undefined : numbers('plot: x', options.x as Row);
  const all = seriesOf(data, places);
  const figure: FigureDisplay = {
    kind: 'figure',
    ...(options.title === undefined ? {} : { title: options.title }),
    x: { label: options.xLabel ?? '', scale: options.logX === true ? 'log' : 'linear' },
    y: { label: options.yLabel ?? '', scale: options.logY === true ? 'log' : 'linear' },
    ...(names === undefined ? {} : { categories: names }),
    series: kind === 'histogram' ? histograms(all, options.bins) : all.map((series) => drawn(series, kind)),
  };
  return { [display]: () => new Made(figure, textOf(figure, all)) };
}

function seriesOf(data: PlotData, places: readonly number[] | undefined): Series[] {
  if (isRow(data)) return [{ label: '', ...pointsOf('plot', data, places) }];
  const given: unknown = data;
  if (typeof given !== 'object' || given === null)
    throw wrongArgument({ field: 'plot', expected: l10n.t('numbers, or numbers by name'), found: given });
  const all = Object.entries(data);
  if (all.length === 0 || all.length > MOST_SERIES)
    throw wrongArgument({
      field: 'plot',
      expected: l10n.t('from {0} to {1} series', 1, MOST_SERIES),
      found: all.length,
    });
  return all.map(([label, values]) => {
    const field = `plot: ${label}`;
    if (isRow(values)) return { label, ...pointsOf(field, values, places) };
    const { x, y } = values as { readonly x?: Row; readonly y?: Row };
    if (x === undefined || y === undefined)
      throw wrongArgument({ field, expected: l10n.t('numbers, or {0}', '{ x, y }'), found: values });
    return { label, ...pointsOf(field, y, numbers(`${field}.x`, x)) };
  });
}

function pointsOf(field: string, row: Row, places: readonly number[] | undefined): Pick<Series, 'x' | 'y'> {
  const y = numbers(field, row);
  const x = places ?? y.map((_, index) => index);
  if (x.length === y.length) return { x, y };
  throw wrongArgument({
    field,
    expected: l10n.t('as many numbers as there are places on the x axis, {0}', x.length),
    found: y.length,
  });
}

const isRow = (value: unknown): value is Row =>
  Array.isArray(value) || value instanceof tf.Tensor || (ArrayBuffer.isView(value) && 'length' in value);

/** What is no finite number is a gap. */
function numbers(field: string, row: Row): number[] {
  const values: ArrayLike<unknown> =
    row instanceof tf.Tensor ? checkTensor(field, row).dataSync<'float32' | 'int32' | 'bool'>() : row;
  return Array.from(values, (value) => {
    if (typeof value === 'number') return value;
    throw wrongArgument({ field, expected: l10n.t('numbers'), found: value });
  });
}

function drawn({ label, x, y }: Series, kind: 'line' | 'points' | 'bars'): FigureSeries {
  const every = Math.ceil(y.length / MOST_POINTS);
  const taken = every === 1 ? y.map((_, index) => index) : extremes(y, every);
  const at = (values: readonly number[]): string => float32s(taken.map((index) => values[index] ?? NaN));
  return { kind, label, x: at(x), y: at(y) };
}

/** Of each `every` neighbours, where the smallest and the largest are: a peak of a long curve stays one. */
function extremes(values: readonly number[], every: number): number[] {
  const taken: number[] = [];
  for (let from = 0; from < values.length; from += 2 * every) {
    let [low, high] = [from, from];
    for (let index = from; index < Math.min(values.length, from + 2 * every); index++) {
      if ((values[index] ?? NaN) < (values[low] ?? NaN)) low = index;
      if ((values[index] ?? NaN) > (values[high] ?? NaN)) high = index;
    }
    taken.push(...(low === high ? [low] : [Math.min(low, high), Math.max(low, high)]));
  }
  return taken;
}

/** All in the same bins. */
function histograms(all: readonly Series[], given: number | undefined): FigureSeries[] {
  const bins = checkCount('plot: bins', given ?? BINS, 1);
  const { min, max } = summaryOf(all.flatMap(({ y }) => y));
  const [low, high] = [min ?? 0, min === max ? (max ?? 0) + 1 : (max ?? 1)];
  const edges = Array.from({ length: bins + 1 }, (_, bin) => low + (bin / bins) * (high - low));
  return all.map(({ label, y }) => ({
    kind: 'histogram',
    label,
    x: float32s(edges),
    y: float32s(binned(y, bins, { min: low, max: high })),
  }));
}

function textOf({ title }: FigureDisplay, all: readonly Series[]): string {
  const lines = all.map(({ label, y }) => {
    const { min, max } = summaryOf(y);
    const name = label === '' ? '' : `${label}: `;
    return name + l10n.t('{0} numbers from {1} to {2}', y.length, min ?? '–', max ?? '–');
  });
  return [...(title === undefined ? [] : [title]), ...lines].join('\n');
}
