/** A small piece of a curve for legends, drawn with the very dashes and markers of the chart. */
import { drawPoint } from 'chart.js/helpers';
import { context2d, h } from '../dom/elements';
import { toCss } from '../theme/color';
import type { LineLook } from './looks';

const WIDTH = 28;
const HEIGHT = 12;

/** Of two looks each takes a half. */
export function createSwatch(...looks: readonly LineLook[]): HTMLCanvasElement {
  const canvas = h('canvas', { class: 'swatch', 'aria-hidden': 'true' });
  const scale = Math.max(1, window.devicePixelRatio);
  canvas.width = WIDTH * scale;
  canvas.height = HEIGHT * scale;
  const width = WIDTH / looks.length;
  looks.forEach((look, index) => {
    paintSwatch(context2d(canvas), look, index * width, HEIGHT / 2, scale, width);
  });
  return canvas;
}

/** Draws a swatch whose left end is at (x, y), in units of `scale` pixels. */
export function paintSwatch(
  context: CanvasRenderingContext2D,
  look: LineLook,
  x: number,
  y: number,
  scale: number,
  width = WIDTH,
): void {
  context.save();
  context.scale(scale, scale);
  context.strokeStyle = context.fillStyle = toCss(look.color);
  context.lineWidth = look.width;
  context.setLineDash([...look.dash]);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + width, y);
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = 1.5;
  if (look.ground !== undefined) context.fillStyle = toCss(look.ground);
  if (look.point !== false) {
    drawPoint(context, { pointStyle: look.point, radius: 4, borderWidth: 1.5, rotation: 0 }, x + width / 2, y);
  }
  context.restore();
}
