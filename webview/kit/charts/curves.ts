/** All curves of a run: one chart a metric, all with the same x axis and one crosshair. */
import { ACTIVE_STATES, seriesParts, traitsOf, type RunRecord } from '../../../src/protocol/run';
import type { Axis, RunSeries } from '../data/series';
import { block } from '../dom/block';
import { describeCurves, lowerIsBetter } from '../text/curves';
import { runName } from '../text/runs';
import type { Theme } from '../theme/theme';
import { xRange, type Range } from './axes';
import { Crosshair } from './crosshair';
import { linesOf, type ChartRun, type Line } from './lines';
import { MetricChart } from './metricChart';

/** The sentences under the charts follow the numbers calmly, but those of a young run soon say nothing true any more. */
const DESCRIBE_MILLISECONDS = 5000;
const DESCRIBE_SHARE = 0.25;

/** A run as a page holds it. */
export interface DrawnRun {
  readonly run: { readonly key: string; readonly record: RunRecord };
  readonly series: RunSeries;
  /** Points announced so far: those in the series and those still waiting for it. */
  readonly received: number;
}

/** How the reader likes to see them. */
export interface CurvesLook {
  readonly axis: Axis;
  /** Weight of the moving average, [0, 1). */
  readonly smoothing: number;
  readonly logLoss: boolean;
}

export class Curves {
  readonly element = block('chart-grid');
  readonly #charts = new Map<string, MetricChart>();
  readonly #crosshair = new Crosshair();
  readonly #resized: () => void;
  #described = -Infinity;
  #describedFor = '';

  constructor(resized: () => void) {
    this.#resized = resized;
  }

  get charts(): readonly MetricChart[] {
    return [...this.#charts.values()];
  }

  /** @param overlays earlier runs, drawn behind it */
  draw(foreground: DrawnRun, overlays: readonly DrawnRun[], look: CurvesLook, theme: Theme): void {
    const names = metricNames(foreground);
    this.#arrange(names);
    const runs = [foreground, ...overlays].map(chartRun);
    const { axis, smoothing, logLoss } = look;
    const { config, progress } = foreground.run.record;
    const drawn = names.map((name) => ({ name, lines: linesOf(runs, name, smoothing) }));
    const range = commonRange(
      drawn.flatMap(({ lines }) => lines),
      axis,
    );
    for (const { name, lines } of drawn) {
      const chart = this.#charts.get(name);
      chart?.wait(progress.step > 0);
      chart?.draw({
        lines,
        axis,
        range,
        logarithmic: logLoss && lowerIsBetter(name, traitsOf(config, name)),
        bounds: traitsOf(config, name).range,
        theme,
      });
    }
    this.#describe(foreground, smoothing);
  }

  dispose(): void {
    this.#arrange([]);
  }

  #describe({ run, series }: DrawnRun, smoothing: number): void {
    const { state, id, progress } = run.record;
    // At once when something happened; otherwise only now and then.
    const moment = `${id} ${state} ${smoothing} ${series.epoch.length > 0 ? series.epoch.points : Math.min(1, series.step.length)}`;
    const now = performance.now();
    const pause = Math.min(DESCRIBE_MILLISECONDS, DESCRIBE_SHARE * progress.seconds * 1000);
    const due = ACTIVE_STATES.has(state) ? now - this.#described > pause : series.points > 0;
    if (moment === this.#describedFor && !due) return;
    this.#described = now;
    this.#describedFor = moment;
    for (const [name, chart] of this.#charts) {
      const { config } = run.record;
      const context = { traits: traitsOf(config, name), reference: config?.reference?.label };
      chart.describe(describeCurves(series, name, smoothing, context));
    }
  }

  #arrange(names: readonly string[]): void {
    for (const [name, chart] of this.#charts) {
      if (names.includes(name)) continue;
      chart.dispose();
      this.#charts.delete(name);
    }
    for (const name of names) {
      if (this.#charts.has(name)) continue;
      const chart = new MetricChart(name, this.#crosshair, this.#resized);
      this.#charts.set(name, chart);
      this.element.append(chart.element);
    }
  }
}

/** Once the metrics are known, unless the run has ended without a point. */
export function hasCurves({ run, series, received }: DrawnRun): boolean {
  const { config, state } = run.record;
  return series.points > 0 || received > 0 || (config !== undefined && ACTIVE_STATES.has(state));
}

/** Loss first, then the metrics the experiment names, then whatever else its points have. */
function metricNames({ run, series }: DrawnRun): string[] {
  const planned = run.record.config?.metrics.map((name) => seriesParts(name).metric) ?? [];
  return [...new Set(['loss', ...planned, ...series.metricNames()])];
}

function chartRun({ run, series }: DrawnRun, place: number): ChartRun {
  const reference = run.record.config?.reference?.label;
  const name = runName(run.record);
  return { key: run.key, name, place, series, ...(reference === undefined ? {} : { reference }) };
}

function commonRange(lines: readonly Line[], axis: Axis): Range {
  let first = Infinity;
  let last = -Infinity;
  for (const { table } of lines) {
    if (table.length === 0) continue;
    first = Math.min(first, table.x[axis].at(0));
    last = Math.max(last, table.x[axis].at(table.length - 1));
  }
  return first <= last ? xRange(first, last) : { from: 0, to: 1 };
}
