/** Which curves a chart of one metric has. */
import * as l10n from '@vscode/l10n';
import type { Column } from '../data/column';
import type { Pyramid } from '../data/pyramid';
import { LEARNING_RATE, validationName, type Axis, type RunSeries, type Table } from '../data/series';

/** A run in a chart: place 0 is the foreground. */
export interface ChartRun {
  readonly key: string;
  readonly name: string;
  readonly place: number;
  readonly series: RunSeries;
}

export interface Line {
  /** Stable identity, so that a chart knows its curves again. */
  readonly id: string;
  readonly label: string;
  /** The run's name. */
  readonly run: string;
  readonly place: number;
  readonly validation: boolean;
  /** The unsmoothed curve, drawn faintly behind the smoothed one. */
  readonly faint: boolean;
  readonly table: Table;
  readonly values: Column;
  readonly pyramid: Pyramid;
}

export function linesOf(runs: readonly ChartRun[], metric: string, smoothing: number): Line[] {
  return runs.flatMap((run) => {
    const lines: Line[] = [];
    const named = (text: string): string => (run.place === 0 ? text : `${run.name} · ${text}`);
    // A metric that steps do not have is drawn from the means of the epochs.
    const kind = run.series.step.metrics.has(metric) ? 'step' : 'epoch';
    const table = run.series[kind];
    const base = { run: run.place === 0 ? l10n.t('this run') : run.name, place: run.place, table };
    const validation = run.series.epoch.metrics.get(validationName(metric));
    if (validation !== undefined) {
      lines.push({
        ...base,
        id: `${run.key}:validation`,
        label: named(l10n.t('validation')),
        validation: true,
        faint: false,
        table: run.series.epoch,
        values: validation.values,
        pyramid: validation.pyramid,
      });
    }
    const train = table.metrics.get(metric);
    if (train === undefined) return lines;
    const smoothed = kind === 'step' && smoothing > 0 && metric !== LEARNING_RATE;
    lines.push({
      ...base,
      ...(smoothed ? train.smooth(smoothing) : { values: train.values, pyramid: train.pyramid }),
      id: `${run.key}:train`,
      label: named(smoothed ? l10n.t('train, smoothed') : l10n.t('train')),
      validation: false,
      faint: false,
    });
    if (smoothed && run.place === 0) {
      lines.push({
        ...base,
        id: `${run.key}:raw`,
        label: l10n.t('train, each step'),
        validation: false,
        faint: true,
        values: train.values,
        pyramid: train.pyramid,
      });
    }
    return lines;
  });
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
