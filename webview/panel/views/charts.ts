/** All curves of the run: one chart a metric, all with the same x axis and one crosshair. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { ACTIVE_STATES, seriesParts, traitsOf, type ReferenceEnd } from '../../../src/protocol/run';
import { xRange, type Range } from '../../kit/charts/axes';
import { Crosshair } from '../../kit/charts/crosshair';
import { linesOf, type ChartRun, type Line } from '../../kit/charts/lines';
import { MetricChart } from '../../kit/charts/metricChart';
import type { Axis } from '../../kit/data/series';
import { describeCurves, lowerIsBetter } from '../../kit/text/curves';
import { count } from '../../../src/words/numbers';
import { runName } from '../../kit/text/runs';
import type { PanelStore, ShownRun } from '../store';
import { chartOptions } from './chartOptions';
import type { Scene, View } from './view';

/** The sentences under the charts follow the numbers calmly, but those of a young run soon say nothing true any more. */
const DESCRIBE_MILLISECONDS = 5000;
const DESCRIBE_SHARE = 0.25;

export class ChartsView implements View {
  readonly #grid = document.createElement('div');
  readonly #charts = new Map<string, MetricChart>();
  readonly #crosshair = new Crosshair();
  readonly #resized: () => void;
  #described = -Infinity;
  #describedFor = '';

  constructor(resized: () => void) {
    this.#resized = resized;
    this.#grid.className = 'chart-grid';
  }

  get charts(): readonly MetricChart[] {
    return [...this.#charts.values()];
  }

  render({ store: { foreground }, choices }: Scene): TemplateResult | typeof nothing {
    if (foreground === undefined || !hasCurves(foreground)) return nothing;
    const { config, referenceEnd } = foreground.run.record;
    return html`<section class="charts" aria-label=${l10n.t('Curves')}>
      ${chartOptions(choices)}
      ${
        referenceEnd === undefined
          ? nothing
          : html`<p class="charts-note" role="status">${endedText(config?.reference?.label ?? '', referenceEnd)}</p>`
      }
      ${this.#grid}
    </section>`;
  }

  drawn({ store, choices, theme }: Scene): void {
    const foreground = store.foreground;
    if (foreground === undefined || !hasCurves(foreground)) return;
    const names = metricNames(foreground);
    this.#arrange(names);
    const runs = chartRuns(store);
    const { axis, smoothing, logLoss } = choices.state;
    const { config } = foreground.run.record;
    const drawn = names.map((name) => ({ name, lines: linesOf(runs, name, smoothing) }));
    const range = commonRange(
      drawn.flatMap(({ lines }) => lines),
      axis,
    );
    for (const { name, lines } of drawn) {
      const chart = this.#charts.get(name);
      chart?.wait(foreground.run.record.progress.step > 0);
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

  #describe({ run, series }: ShownRun, smoothing: number): void {
    const { state, id, progress } = run.record;
    // At once when something happened; otherwise only now and then.
    const moment = `${id} ${state} ${smoothing} ${series.epoch.length > 0 ? series.epoch.length : Math.min(1, series.step.length)}`;
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
      this.#grid.append(chart.element);
    }
  }
}

function endedText(label: string, end: ReferenceEnd): string {
  return l10n.t('The curves of "{0}" end at step {1}. {2}', label, count(end.step - 1), end.message);
}

/** Once the metrics are known, unless the run has ended without a point. */
function hasCurves({ run, series, received }: ShownRun): boolean {
  const { config, state } = run.record;
  return series.points > 0 || received > 0 || (config !== undefined && ACTIVE_STATES.has(state));
}

/** Loss first, then the metrics the experiment names, then whatever else its points have. */
function metricNames({ run, series }: ShownRun): string[] {
  const planned = run.record.config?.metrics.map((name) => seriesParts(name).metric) ?? [];
  return [...new Set(['loss', ...planned, ...series.metricNames()])];
}

function chartRuns(store: PanelStore): ChartRun[] {
  const toChart = ({ run, series }: ShownRun, place: number): ChartRun => {
    const reference = run.record.config?.reference?.label;
    const name = runName(run.record);
    return { key: run.key, name, place, series, ...(reference === undefined ? {} : { reference }) };
  };
  const foreground = store.foreground;
  return [
    ...(foreground === undefined ? [] : [toChart(foreground, 0)]),
    ...store.overlays.map((overlay, index) => toChart(overlay, index + 1)),
  ];
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
