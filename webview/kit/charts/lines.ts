/** Which curves a chart of one metric has. */
import * as l10n from '@vscode/l10n';
import { referenceName, validationName } from '../../../src/protocol/run';
import type { Column } from '../data/column';
import type { Pyramid } from '../data/pyramid';
import { LEARNING_RATE, type Axis, type RunSeries, type Table } from '../data/series';
import type { Place } from './looks';

/** A run in a chart: place 0 is the foreground. */
export interface ChartRun {
  readonly key: string;
  readonly name: string;
  readonly place: number;
  readonly series: RunSeries;
  /** What the model is called that its own is compared with; drawn of the foreground only. */
  readonly reference?: string;
}

export interface Line extends Place {
  /** Stable identity, so that a chart knows its curves again. */
  readonly id: string;
  readonly label: string;
  /** The run's name, or that of the model that it is compared with. */
  readonly run: string;
  /** The unsmoothed curve, drawn faintly behind the smoothed one. */
  readonly faint: boolean;
  readonly table: Table;
  readonly values: Column;
  readonly pyramid: Pyramid;
}

export function linesOf(runs: readonly ChartRun[], metric: string, smoothing: number): Line[] {
  return runs.flatMap((run) => {
    const { key, place, series, reference } = run;
    const own = place === 0;
    const lines = linesOfModel(series, metric, smoothing, {
      key,
      run: own ? l10n.t('this run') : run.name,
      prefix: own ? '' : `${run.name} · `,
      place,
      reference: false,
    });
    if (!own || reference === undefined) return lines;
    const others = linesOfModel(series, referenceName(metric), smoothing, {
      key: `${key}:reference`,
      run: reference,
      prefix: `${reference} · `,
      place,
      reference: true,
    });
    return [...lines, ...others];
  });
}

interface ModelOfRun {
  readonly key: string;
  readonly run: string;
  /** Before the names of its curves. */
  readonly prefix: string;
  readonly place: number;
  readonly reference: boolean;
}

function linesOfModel(
  series: RunSeries,
  metric: string,
  smoothing: number,
  { key, run, prefix, place, reference }: ModelOfRun,
): Line[] {
  const lines: Line[] = [];
  // A metric that steps do not have is drawn from the means of the epochs.
  const kind = series.step.metrics.has(metric) ? 'step' : 'epoch';
  const table = series[kind];
  const base = { run, place, reference, table };
  const validation = series.epoch.metrics.get(validationName(metric));
  if (validation !== undefined) {
    lines.push({
      ...base,
      id: `${key}:validation`,
      label: prefix + l10n.t('validation'),
      validation: true,
      faint: false,
      table: series.epoch,
      values: validation.values,
      pyramid: validation.pyramid,
    });
  }
  const train = table.metrics.get(metric);
  if (train === undefined) return lines;
  const smoothed = kind === 'step' && smoothing > 0 && metric !== LEARNING_RATE;
  const drawn = train.smooth(smoothed ? smoothing : 0);
  lines.push({
    ...base,
    values: drawn.values,
    pyramid: drawn.pyramid,
    id: `${key}:train`,
    label: prefix + (smoothed ? l10n.t('train, smoothed') : l10n.t('train')),
    validation: false,
    faint: false,
  });
  // One noisy band is enough.
  if (smoothed && place === 0 && !reference) {
    lines.push({
      ...base,
      id: `${key}:raw`,
      label: l10n.t('train, each step'),
      validation: false,
      faint: true,
      values: train.values,
      pyramid: train.pyramid,
    });
  }
  return lines;
}

/** The value a curve has nearest to `x`; undefined where it has none. */
export function valueNear(
  line: Line,
  axis: Axis,
  x: number,
): { readonly index: number; readonly y: number } | undefined {
  const index = line.table.x[axis].nearest(x);
  const y = line.values.at(index);
  return Number.isFinite(y) ? { index, y } : undefined;
}
