/** A small piece of a curve for legends, drawn with the very dashes and markers of the chart. */
import { drawPoint } from 'chart.js/helpers';
import { html, type TemplateResult } from 'lit-html';
import { sized } from '../dom/canvas';
import { painted } from '../dom/directives';
import { toCss } from '../theme/color';
import type { LineLook } from './looks';

const WIDTH = 28;
const HEIGHT = 12;

/** Of two looks each takes a half. */
export function swatch(...looks: readonly LineLook[]): TemplateResult {
  const paint = (canvas: HTMLCanvasElement): void => {
    const context = sized(canvas, WIDTH, HEIGHT);
    const width = WIDTH / looks.length;
    looks.forEach((look, index) => {
      paintSwatch(context, look, index * width, HEIGHT / 2, width);
    });
  };
  const seen = looks.flatMap(({ color, dash, point, width, ground }) => [
    toCss(color),
    dash.join(),
    point,
    width,
    ground === undefined ? '' : toCss(ground),
  ]);
  return html`<canvas class="swatch" aria-hidden="true" ${painted(paint, ...seen)}></canvas>`;
}

/** Draws a swatch whose left end is at (x, y). */
export function paintSwatch(
  context: CanvasRenderingContext2D,
  look: LineLook,
  x: number,
  y: number,
  width = WIDTH,
): void {
  context.save();
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
