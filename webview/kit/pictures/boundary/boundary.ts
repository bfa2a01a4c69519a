/** The decision boundary: what the model would say of each point of the plane, and the test data on top. */
import * as l10n from '@vscode/l10n';
import type { DecisionBoundary } from '../../../../src/protocol/run';
import { context2d, decodeBase64, h, setText } from '../../dom/elements';
import { count, epochText } from '../../text/format';
import { toCss } from '../../theme/color';
import type { Theme } from '../../theme/theme';
import { blend } from './blend';
import { classColor, classMark, traceMark } from './classes';

const SIDE = 256;

export class BoundaryView {
  readonly #canvas = h('canvas', { class: 'boundary-canvas', role: 'img' });
  readonly #grid = document.createElement('canvas');
  readonly #legend = h('ul', { class: 'class-legend' });
  readonly #when = h('p', { class: 'quiet number' });
  readonly #summary = h('p');
  readonly element = h(
    'div',
    { class: 'boundary' },
    this.#canvas,
    h('div', { class: 'boundary-text' }, this.#summary, this.#legend, this.#when),
  );
  #legendKey = '';

  draw(data: DecisionBoundary, theme: Theme): void {
    const scale = Math.max(1, window.devicePixelRatio);
    this.#canvas.width = this.#canvas.height = SIDE * scale;
    this.#canvas.setAttribute('aria-label', data.summary);
    const context = context2d(this.#canvas);
    this.#drawGrid(context, data, theme);
    context.scale(scale, scale);
    drawPoints(context, data, theme);
    setText(this.#summary, data.summary);
    setText(this.#when, l10n.t('After epoch {0}, step {1}', epochText(data.epoch), count(data.step)));
    this.#drawLegend(data, theme);
  }

  #drawGrid(context: CanvasRenderingContext2D, data: DecisionBoundary, theme: Theme): void {
    const colors = data.classes.map((_, index) => classColor(theme, index));
    const pixels = blend(decodeBase64(data.probabilities), data.size, colors, theme.background);
    this.#grid.width = this.#grid.height = data.size;
    context2d(this.#grid).putImageData(new ImageData(pixels, data.size, data.size), 0, 0);
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.#grid, 0, 0, this.#canvas.width, this.#canvas.height);
  }

  #drawLegend(data: DecisionBoundary, theme: Theme): void {
    const key = JSON.stringify([data.classes, theme.series]);
    if (key === this.#legendKey) return;
    this.#legendKey = key;
    this.#legend.replaceChildren(
      ...data.classes.map((name, index) => {
        const scale = Math.max(1, window.devicePixelRatio);
        const mark = h('canvas', { class: 'class-mark', 'aria-hidden': 'true', width: 16 * scale, height: 16 * scale });
        const context = context2d(mark);
        context.scale(scale, scale);
        paintMark(context, theme, index, 8, 8, 5);
        return h('li', {}, mark, h('span', { text: name }));
      }),
    );
  }
}

function drawPoints(context: CanvasRenderingContext2D, data: DecisionBoundary, theme: Theme): void {
  const [left, right] = data.xRange;
  const [bottom, top] = data.yRange;
  for (const { x, y, label } of data.points) {
    const across = ((x - left) / (right - left)) * SIDE;
    const down = SIDE - ((y - bottom) / (top - bottom)) * SIDE;
    paintMark(context, theme, label, across, down, 3.5);
  }
}

function paintMark(
  context: CanvasRenderingContext2D,
  theme: Theme,
  label: number,
  x: number,
  y: number,
  r: number,
): void {
  context.beginPath();
  traceMark(context, classMark(label), x, y, r);
  context.fillStyle = toCss(classColor(theme, label));
  context.strokeStyle = toCss(theme.background);
  context.lineWidth = 1.25;
  context.fill();
  context.stroke();
}
