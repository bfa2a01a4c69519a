/** Lines, points, bars and histograms, by Chart.js; and the same numbers as a table. */
import * as l10n from '@vscode/l10n';
import {
  BarController,
  BarElement,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
  type ChartDataset,
  type ChartOptions,
} from 'chart.js';
import { html, nothing, render } from 'lit-html';
import type { Axis, FigureDisplay, FigureSeries } from '../../../src/protocol/display';
import { short } from '../../../src/words/numbers';
import { block } from '../../kit/dom/block';
import { toCss, withAlpha } from '../../kit/theme/color';
import type { Theme } from '../../kit/theme/theme';
import { floatsOf } from '../floats';
import type { OutputView } from '../view';

Chart.register(
  BarController,
  BarElement,
  Filler,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  LinearScale,
  LogarithmicScale,
  Tooltip,
);

export interface FigureData {
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly categories?: readonly string[];
  readonly series: readonly (Omit<FigureSeries, 'x' | 'y'> & { readonly x: Float32Array; readonly y: Float32Array })[];
}

/** Rows of the table beside the drawing; beyond, the drawing has to do. */
const MOST_ROWS = 200;

export class FigureView implements OutputView<'figure'> {
  readonly #figure = new Figure();
  readonly element = this.#figure.element;
  #display: FigureDisplay | undefined;

  draw(display: FigureDisplay, theme: Theme): void {
    if (display !== this.#display) {
      this.#display = display;
      const series = display.series.map((one) => ({ ...one, x: floatsOf(one.x), y: floatsOf(one.y) }));
      this.#figure.set({ ...display, series });
    }
    this.#figure.redraw(theme);
  }

  dispose(): void {
    this.#figure.dispose();
  }
}

/** The drawing itself; its element is put into the page before it is drawn. */
export class Figure {
  readonly element = block('stack figure');
  readonly #canvas = document.createElement('canvas');
  #data: FigureData | undefined;
  #chart: Chart | undefined;

  set(data: FigureData): void {
    this.#data = data;
    const { title, series } = data;
    const names = series.map(({ label }) => label).filter((label) => label !== '');
    this.#canvas.role = 'img';
    this.#canvas.ariaLabel = [title, names.join(', '), `${data.y.label} / ${data.x.label}`].filter(Boolean).join('. ');
    render(
      html`${title === undefined || title === '' ? nothing : html`<h3>${title}</h3>`}
        ${
          series.length < 2
            ? nothing
            : html`<ul class="figure-legend">
                ${series.map(({ label }, place) => html`<li><span class="dot series-${place % 6}"></span>${label}</li>`)}
              </ul>`
        }
        <div class="figure-area">${this.#canvas}</div>
        ${numbers(data)}`,
      this.element,
    );
  }

  redraw(theme: Theme): void {
    if (this.#data === undefined || !this.element.isConnected) return;
    // Chart.js keeps much of what it was made with: a drawing is cheap, so it is made anew.
    this.#chart?.destroy();
    this.#chart = chartOf(this.#canvas, this.#data, theme);
  }

  dispose(): void {
    this.#chart?.destroy();
  }
}

function numbers({ series, categories, x }: FigureData): unknown {
  const rows = Math.max(0, ...series.map(({ x: places }) => places.length));
  if (rows === 0 || rows > MOST_ROWS) return nothing;
  const placeText = (place: number): string => categories?.[place] ?? short(place);
  return html`<details class="numbers">
    <summary>${l10n.t('Numbers')}</summary>
    <div class="scroller" tabindex="0" role="region" aria-label=${l10n.t('Numbers')}>
      <table class="grid">
        <thead>
          <tr>
            ${series.map(
              ({ label }) =>
                html`<th scope="col">${x.label === '' ? 'x' : x.label}</th>
                  <th scope="col" class="number">${label === '' ? 'y' : label}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${Array.from(
            { length: rows },
            (_, row) =>
              html`<tr>
                ${series.map(({ x: places, y }) =>
                  row < y.length
                    ? html`<td>${placeText(places[row] ?? NaN)}</td>
                        <td class="number">${short(y[row] ?? NaN)}</td>`
                    : html`<td></td>
                        <td></td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}

type Scale = NonNullable<NonNullable<ChartOptions<'scatter'>['scales']>[string]>;

interface Place {
  readonly x: number;
  readonly y: number;
}

function chartOf(canvas: HTMLCanvasElement, data: FigureData, theme: Theme): Chart {
  const datasets = data.series.map((series, place) => datasetOf(series, place, theme));
  const bars = data.series.some(({ kind }) => kind === 'bars');
  const grid = { color: theme.grid, tickColor: 'transparent', tickLength: 4 };
  const ticks = { color: theme.muted, font: { family: theme.fontFamily, size: 11 }, maxTicksLimit: 7 };
  const scale = ({ label, scale: type }: Axis, more: object): Scale => ({
    type: type === 'log' ? 'logarithmic' : 'linear',
    grid,
    border: { color: theme.grid },
    ticks: { ...ticks, ...more },
    title: { display: label !== '', text: label, color: theme.muted, font: { family: theme.fontFamily, size: 12 } },
  });
  const { categories } = data;
  const named =
    categories === undefined ? {} : { callback: (value: string | number) => categories[Number(value)] ?? '' };
  const ground = theme.background;
  return new Chart<'bar' | 'line' | 'scatter', Place[]>(canvas, {
    type: 'scatter',
    data: { datasets },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: ['mousemove', 'mouseout', 'touchstart'],
      interaction: { mode: 'nearest', intersect: false },
      layout: { padding: { top: 8, right: 8 } },
      scales: {
        x: {
          ...scale(data.x, { ...named, ...(categories === undefined ? {} : { stepSize: 1, maxTicksLimit: 40 }) }),
          ...(bars ? { offset: true, grid: { ...grid, color: 'transparent' } } : {}),
        },
        y: {
          ...scale(data.y, {}),
          ...(bars || data.series.some(({ kind }) => kind === 'histogram') ? { beginAtZero: true } : {}),
        },
      },
      plugins: {
        tooltip: {
          backgroundColor: toCss(ground),
          titleColor: toCss(theme.foreground),
          bodyColor: toCss(theme.foreground),
          borderColor: theme.muted,
          borderWidth: 1,
          bodyFont: { family: theme.fontFamily },
          displayColors: false,
          callbacks: {
            title: () => '',
            label: ({ raw, dataset }) => {
              const { x, y } = raw as Place;
              const where = categories?.[x] ?? short(x);
              return `${dataset.label === undefined || dataset.label === '' ? '' : `${dataset.label}: `}${where}, ${short(y)}`;
            },
          },
        },
      },
    },
  });
}

const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

function datasetOf(
  { kind, label, x, y }: FigureData['series'][number],
  place: number,
  theme: Theme,
): ChartDataset<'bar' | 'line' | 'scatter', Place[]> {
  const color = theme.series[place % theme.series.length] ?? theme.foreground;
  const css = toCss(color);
  const points = Array.from(y, (value, index) => ({ x: x[index] ?? index, y: value }));
  const base = { label, borderColor: css, backgroundColor: css };
  switch (kind) {
    case 'line':
      return {
        ...base,
        type: 'line',
        data: points,
        borderWidth: 1.5,
        borderDash: DASHES[place % DASHES.length] ?? [],
        pointRadius: y.length === 1 ? 3 : 0,
        pointHitRadius: 6,
        spanGaps: false,
      };
    case 'points':
      return { ...base, type: 'scatter', data: points, pointRadius: y.length > 1000 ? 1.5 : 3 };
    case 'bars':
      return { ...base, type: 'bar', data: points, backgroundColor: toCss(withAlpha(color, 0.7)), borderWidth: 1 };
    case 'histogram':
      return {
        ...base,
        type: 'line',
        data: stairs(x, y),
        borderWidth: 1,
        backgroundColor: toCss(withAlpha(color, 0.4)),
        fill: true,
        pointRadius: 0,
        pointHitRadius: 4,
      };
  }
}

/** The outline of bars that stand beside each other: x has one number more than y. */
function stairs(edges: Float32Array, counts: Float32Array): Place[] {
  const outline: Place[] = [{ x: edges[0] ?? 0, y: 0 }];
  counts.forEach((value, bin) => {
    outline.push({ x: edges[bin] ?? 0, y: value }, { x: edges[bin + 1] ?? 0, y: value });
  });
  outline.push({ x: edges.at(-1) ?? 0, y: 0 });
  return outline;
}
