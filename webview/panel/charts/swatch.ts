/** A small piece of a curve for legends, drawn with the very dashes and markers of the chart. */
import { drawPoint } from 'chart.js/helpers';
import { toCss } from '../color';
import { context2d, h } from '../dom';
import type { LineLook } from './looks';

const WIDTH = 28;
const HEIGHT = 12;

export function createSwatch(look: LineLook): HTMLCanvasElement {
  const canvas = h('canvas', { class: 'swatch', 'aria-hidden': 'true' });
  drawSwatch(canvas, look);
  return canvas;
}

export function drawSwatch(canvas: HTMLCanvasElement, look: LineLook): void {
  const scale = Math.max(1, window.devicePixelRatio);
  canvas.width = WIDTH * scale;
  canvas.height = HEIGHT * scale;
  paintSwatch(context2d(canvas), look, 0, HEIGHT / 2, scale);
}

/** Draws a swatch whose left end is at (x, y), in units of `scale` pixels. */
export function paintSwatch(
  context: CanvasRenderingContext2D,
  look: LineLook,
  x: number,
  y: number,
  scale: number,
): void {
  context.save();
  context.scale(scale, scale);
  context.strokeStyle = context.fillStyle = toCss(look.color);
  context.lineWidth = look.width;
  context.setLineDash([...look.dash]);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + WIDTH, y);
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = 1.5;
  if (look.ground !== undefined) context.fillStyle = toCss(look.ground);
  if (look.point !== false) {
    drawPoint(context, { pointStyle: look.point, radius: 4, borderWidth: 1.5, rotation: 0 }, x + WIDTH / 2, y);
  }
  context.restore();
}
