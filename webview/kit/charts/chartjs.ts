/** Chart.js with just the parts that are used, and set so that it does nothing on its own. */
import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartConfiguration,
  type ChartDataset,
  type Plugin,
} from 'chart.js';
import type { Sample } from '../data/sampling';
import { toCss, withAlpha } from '../theme/color';
import type { Theme } from '../theme/theme';
import type { LineLook } from './looks';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

export type LineChart = Chart<'line', Sample[]>;
export type LineDataset = ChartDataset<'line', Sample[]>;

export function createLineChart(canvas: HTMLCanvasElement, plugin: Plugin<'line'>, onResize: () => void): LineChart {
  const config: ChartConfiguration<'line', Sample[]> = {
    type: 'line',
    data: { datasets: [] },
    plugins: [plugin],
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      responsive: true,
      maintainAspectRatio: false,
      // Hovering is ours: it looks values up in the whole series, not in what happens to be drawn.
      events: [],
      onResize,
      layout: { padding: { top: 8, right: 8 } },
      elements: { line: { tension: 0, borderJoinStyle: 'round' } },
    },
  };
  return new Chart(canvas, config);
}

/** Most markers that a curve shows before they would merge into a band. */
const MARKERS = 20;

export function styleDataset(dataset: LineDataset, look: LineLook, faint: boolean, theme: Theme): void {
  const color = toCss(faint ? withAlpha(look.color, theme.highContrast ? 0.45 : 0.25) : look.color);
  dataset.borderColor = color;
  dataset.backgroundColor = color;
  dataset.borderWidth = faint ? 1 : look.width;
  dataset.borderDash = [...look.dash];
  dataset.spanGaps = true;
  dataset.pointStyle = look.point;
  dataset.pointBackgroundColor = look.ground === undefined ? color : toCss(look.ground);
  dataset.pointBorderColor = color;
  dataset.pointBorderWidth = 1.5;
  // A marker at the edge is shown whole.
  dataset.clip = 8;
  dataset.pointHitRadius = 0;
}

/** Shows a marker at each point, or at every n-th where there are many. */
export function spaceMarkers(dataset: LineDataset, look: LineLook): void {
  if (look.point === false) {
    dataset.pointRadius = 0;
    return;
  }
  const every = Math.ceil(dataset.data.length / MARKERS);
  dataset.pointRadius = every <= 1 ? 3.5 : dataset.data.map((_, index) => (index % every === 0 ? 3.5 : 0));
}
