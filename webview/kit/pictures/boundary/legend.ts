/** The marks of classes, on a picture and beside it. */
import { html, type TemplateResult } from 'lit-html';
import { sized } from '../../dom/canvas';
import { painted } from '../../dom/directives';
import { toCss, type Rgb } from '../../theme/color';
import type { Theme } from '../../theme/theme';
import { classColor, classMark, traceMark } from './classes';

export function classLegend(classes: readonly string[], theme: Theme): TemplateResult {
  return html`<ul class="class-legend">
    ${classes.map((name, index) => html`<li>${mark(index, theme)}<span>${name}</span></li>`)}
  </ul>`;
}

function mark(index: number, theme: Theme): TemplateResult {
  const paint = (canvas: HTMLCanvasElement): void => {
    paintMark(sized(canvas, 16, 16), theme, index, 8, 8, 5);
  };
  return html`<canvas class="class-mark" aria-hidden="true" ${painted(paint, index, theme)}></canvas>`;
}

/** @param color another one than that of the class */
export function paintMark(
  context: CanvasRenderingContext2D,
  theme: Theme,
  label: number,
  x: number,
  y: number,
  r: number,
  color: Rgb = classColor(theme, label),
): void {
  context.beginPath();
  traceMark(context, classMark(label), x, y, r);
  context.fillStyle = toCss(color);
  context.strokeStyle = toCss(theme.background);
  context.lineWidth = 1.25;
  context.fill();
  context.stroke();
}
