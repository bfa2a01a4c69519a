/**
 * The drawn part of a chart: Chart.js, fed with no more samples than it has columns of pixels, and the crosshair.
 * What is looked up at the crosshair comes from the whole series.
 */
import { sample, Samples } from '../data/sampling';
import type { Axis } from '../data/series';
import { toCss } from '../theme/color';
import type { Theme } from '../theme/theme';
import { ticksOf, tickText, type Range } from './axes';
import { createLineChart, spaceMarkers, styleDataset, type LineChart, type LineDataset } from './chartjs';
import type { Crosshair } from './crosshair';
import { valueNear, type Line } from './lines';
import { lookOf } from './looks';

export interface PlotInput {
  readonly lines: readonly Line[];
  readonly axis: Axis;
  readonly range: Range;
  readonly logarithmic: boolean;
  /** Where all values of the metric lie, if it says so. */
  readonly bounds: readonly [number, number] | undefined;
  readonly theme: Theme;
}

/** Samples that a curve gets at most, however wide the window is: two a column. */
const MOST_COLUMNS = 1000;

export class Plot {
  readonly #canvas: HTMLCanvasElement;
  readonly #crosshair: Crosshair;
  readonly #onResize: () => void;
  #chart: LineChart | undefined;
  readonly #datasets = new Map<string, { dataset: LineDataset; samples: Samples }>();
  #input: PlotInput | undefined;

  constructor(canvas: HTMLCanvasElement, crosshair: Crosshair, onResize: () => void) {
    this.#canvas = canvas;
    this.#crosshair = crosshair;
    this.#onResize = onResize;
  }

  /** Made with the first drawing: Chart.js wants its canvas in the page, and does not see one come into a shadow root. */
  get chart(): LineChart {
    const afterDatasetsDraw = (): void => {
      this.#drawCrosshair();
    };
    return (this.#chart ??= createLineChart(this.#canvas, { id: 'crosshair', afterDatasetsDraw }, this.#onResize));
  }

  dispose(): void {
    this.#chart?.destroy();
  }

  draw(input: PlotInput): void {
    // Chart.js keeps the colours of markers for as long as it knows a data set.
    if (this.#input !== undefined && this.#input.theme !== input.theme) this.#datasets.clear();
    this.#input = input;
    const datasets = input.lines.map((line) => this.#dataset(line, input));
    for (const id of this.#datasets.keys()) {
      if (!input.lines.some((line) => line.id === id)) this.#datasets.delete(id);
    }
    // Chart.js compares: handing it the same list of curves again keeps their elements.
    const known = this.chart.data.datasets;
    if (known.length !== datasets.length || known.some((dataset, i) => dataset !== datasets[i])) {
      this.chart.data.datasets = datasets;
    }
    this.#scales(input);
    this.chart.update('none');
  }

  /** Redraws what is there, with the crosshair at its new place. */
  redraw(): void {
    this.#chart?.draw();
  }

  /** Position on the x axis of a pixel from the left of the plot. */
  valueAt(pixel: number): number {
    const scale = this.chart.scales['x'];
    return Math.min(scale?.max ?? 0, Math.max(scale?.min ?? 0, scale?.getValueForPixel(pixel) ?? 0));
  }

  pixelOf(x: number): number {
    return this.chart.scales['x']?.getPixelForValue(x) ?? 0;
  }

  #dataset(line: Line, { theme, axis, range, logarithmic }: PlotInput): LineDataset {
    let known = this.#datasets.get(line.id);
    if (known === undefined) {
      const samples = new Samples();
      known = { dataset: { data: samples.list }, samples };
      this.#datasets.set(line.id, known);
    }
    const look = lookOf(theme, line);
    const area = this.chart.chartArea as { left: number; right: number } | undefined;
    const columns = Math.min(MOST_COLUMNS, Math.max(50, Math.round(area === undefined ? 400 : area.right - area.left)));
    sample(line.table.x[axis], line.values, line.pyramid, { ...range, columns }, known.samples, logarithmic);
    known.dataset.data = known.samples.list;
    styleDataset(known.dataset, look, line.faint, theme);
    spaceMarkers(known.dataset, look);
    known.dataset.order = orderOf(line);
    return known.dataset;
  }

  #scales({ axis, range, logarithmic, bounds, theme }: PlotInput): void {
    const empty = [...this.#datasets.values()].every(({ samples }) => samples.list.length === 0);
    const ticks = {
      display: !empty,
      color: theme.muted,
      font: { family: theme.fontFamily, size: 11 },
      includeBounds: false,
    };
    const grid = { color: theme.grid, tickColor: 'transparent', drawTicks: true, tickLength: 4 };
    const border = { color: theme.grid };
    const most = Math.max(2, Math.floor(this.chart.width / 72));
    const values = ticksOf(axis, range, most).map((value) => ({ value }));
    this.chart.options.scales = {
      x: {
        type: 'linear',
        min: range.from,
        max: range.to,
        grid: { ...grid, color: 'transparent' },
        border,
        ticks: { ...ticks, maxRotation: 0, autoSkip: false, callback: (value) => tickText(axis, Number(value)) },
        afterBuildTicks: (scale) => {
          scale.ticks = values;
        },
      },
      y: logarithmic
        ? { type: 'logarithmic', grid, border, ticks: { ...ticks, maxTicksLimit: 6 } }
        : { type: 'linear', grid, border, ticks: { ...ticks, maxTicksLimit: 6 }, ...this.#yRange(bounds) },
    };
  }

  /** A little room around what is drawn, but none beyond 0 and the metric's own bounds, where there can be nothing. */
  #yRange([from, to]: readonly [number, number] = [-Infinity, Infinity]): {
    readonly min?: number;
    readonly max?: number;
  } {
    let low = Infinity;
    let high = -Infinity;
    for (const { samples } of this.#datasets.values()) {
      for (const { y } of samples.list) {
        low = Math.min(low, y);
        high = Math.max(high, y);
      }
    }
    if (low > high) return { min: 0, max: 1 };
    const room = 0.05 * (high - low || Math.abs(high) || 1);
    const floor = low >= 0 ? Math.max(0, from) : from;
    return { min: Math.max(floor, low - room), max: Math.min(to, high + room) };
  }

  #drawCrosshair(): void {
    const pointing = this.#crosshair.pointing;
    const input = this.#input;
    // Chart.js draws already while it is made.
    if (pointing === undefined || input === undefined || this.#chart === undefined) return;
    const { ctx, chartArea, scales } = this.#chart;
    const [xScale, yScale] = [scales['x'], scales['y']];
    if (xScale === undefined || yScale === undefined) return;
    const pixel = xScale.getPixelForValue(pointing.x);
    if (pixel < chartArea.left - 1 || pixel > chartArea.right + 1) return;
    ctx.save();
    ctx.strokeStyle = input.theme.muted;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(Math.round(pixel) + 0.5, chartArea.top);
    ctx.lineTo(Math.round(pixel) + 0.5, chartArea.bottom);
    ctx.stroke();
    for (const line of input.lines) {
      const near = line.faint ? undefined : valueNear(line, input.axis, pointing.x);
      if (near === undefined || (input.logarithmic && near.y <= 0)) continue;
      ctx.beginPath();
      ctx.arc(
        xScale.getPixelForValue(line.table.x[input.axis].at(near.index)),
        yScale.getPixelForValue(near.y),
        4,
        0,
        2 * Math.PI,
      );
      ctx.fillStyle = toCss(lookOf(input.theme, line).color);
      ctx.fill();
      ctx.strokeStyle = toCss(input.theme.background);
      ctx.lineWidth = 1.5;
      ctx.stroke();
    }
    ctx.restore();
  }
}

/** The lowest is drawn last, over the others: a reference shows its dashes also where it is the same curve. */
function orderOf({ place, validation, faint, reference }: Line): number {
  if (reference) return validation ? -2 : -1;
  return place * 3 + (validation ? 0 : faint ? 2 : 1);
}
