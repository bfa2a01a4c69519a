/** The decision boundary: what the model would say of each point of the plane, and the test data on top. */
import { html, render } from 'lit-html';
import type { DecisionBoundary } from '../../../../src/protocol/pictures';
import { block } from '../../dom/block';
import { context2d, decodeBase64, sized } from '../../dom/canvas';
import { painted } from '../../dom/directives';
import type { Theme } from '../../theme/theme';
import type { PictureView } from '../picture';
import { whenText } from '../when';
import { blend } from './blend';
import { classColor } from './classes';
import { classLegend, paintMark } from './legend';

const SIDE = 256;

export class BoundaryView implements PictureView<'decisionBoundary'> {
  readonly element = block('boundary');
  readonly #grid = document.createElement('canvas');

  draw(data: DecisionBoundary, theme: Theme): void {
    const paint = (canvas: HTMLCanvasElement): void => {
      const context = sized(canvas, SIDE, SIDE);
      this.#paintGrid(context, data, theme);
      paintPoints(context, data, theme);
    };
    render(
      html`<canvas
          class="boundary-canvas"
          role="img"
          aria-label=${data.summary}
          ${painted(paint, data, theme)}
        ></canvas>
        <div class="boundary-text">
          <p>${data.summary}</p>
          ${classLegend(data.classes, theme)}
          <p class="quiet number">${whenText(data)}</p>
        </div>`,
      this.element,
    );
  }

  #paintGrid(context: CanvasRenderingContext2D, data: DecisionBoundary, theme: Theme): void {
    const colors = data.classes.map((_, index) => classColor(theme, index));
    const pixels = blend(decodeBase64(data.probabilities), data.size, colors, theme.background);
    this.#grid.width = this.#grid.height = data.size;
    context2d(this.#grid).putImageData(new ImageData(pixels, data.size, data.size), 0, 0);
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.#grid, 0, 0, SIDE, SIDE);
  }
}

function paintPoints(context: CanvasRenderingContext2D, data: DecisionBoundary, theme: Theme): void {
  const [left, right] = data.xRange;
  const [bottom, top] = data.yRange;
  for (const { x, y, label } of data.points) {
    const across = ((x - left) / (right - left)) * SIDE;
    const down = SIDE - ((y - bottom) / (top - bottom)) * SIDE;
    paintMark(context, theme, label, across, down, 3.5);
  }
}
