/** The charts as one image: title, and each chart with its legend, at twice the size of the screen at least. */
import { context2d } from '../dom/canvas';
import { metricTitle } from '../text/curves';
import { toCss } from '../theme/color';
import type { Theme } from '../theme/theme';
import type { Line } from './lines';
import { lookOf } from './looks';
import type { MetricChart } from './metricChart';
import { paintSwatch } from './swatch';

const MARGIN = 16;
const LINE = 20;
const SWATCH = 36;

/** PNG of the charts, base64 without the "data:" prefix. */
export function chartsImage(title: string, charts: readonly MetricChart[], theme: Theme): string {
  const scale = Math.max(2, window.devicePixelRatio);
  const sizes = charts.map(({ plot, lines }) => ({
    width: plot.chart.width,
    height: plot.chart.height + LINE * (1 + named(lines).length),
  }));
  const canvas = document.createElement('canvas');
  canvas.width = scale * (MARGIN + sizes.reduce((sum, { width }) => sum + width + MARGIN, 0));
  canvas.height = scale * (MARGIN * 2 + LINE * 1.5 + Math.max(0, ...sizes.map(({ height }) => height)));
  const context = context2d(canvas);
  context.fillStyle = toCss(theme.background);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  context.textBaseline = 'middle';
  write(context, title, MARGIN, MARGIN + LINE / 2, `600 14px ${theme.fontFamily}`, theme);
  let left = MARGIN;
  charts.forEach((chart, index) => {
    drawChart(context, chart, left, MARGIN + LINE * 1.5, scale, theme);
    left += (sizes[index]?.width ?? 0) + MARGIN;
  });
  return canvas.toDataURL('image/png').replace(/^[^,]*,/, '');
}

function drawChart(
  context: CanvasRenderingContext2D,
  { metric, plot, lines }: MetricChart,
  left: number,
  top: number,
  scale: number,
  theme: Theme,
): void {
  const { chart } = plot;
  write(context, metricTitle(metric), left, top + LINE / 2, `600 12px ${theme.fontFamily}`, theme);
  const before = chart.options.devicePixelRatio;
  try {
    chart.options.devicePixelRatio = scale;
    chart.resize();
    chart.draw();
    context.drawImage(chart.canvas, left, top + LINE, chart.width, chart.height);
  } finally {
    if (before === undefined) delete chart.options.devicePixelRatio;
    else chart.options.devicePixelRatio = before;
    chart.resize();
    chart.draw();
  }
  named(lines).forEach((line, index) => {
    const y = top + LINE * 1.5 + chart.height + LINE * index;
    const look = lookOf(theme, line);
    paintSwatch(context, look, left, y);
    write(context, line.label, left + SWATCH, y, `12px ${theme.fontFamily}`, theme);
  });
}

/** The faint curves behind the smoothed ones need no entry. */
function named(lines: readonly Line[]): readonly Line[] {
  return lines.filter((line) => !line.faint);
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  font: string,
  theme: Theme,
): void {
  context.font = font;
  context.fillStyle = toCss(theme.foreground);
  context.fillText(text, x, y);
}
