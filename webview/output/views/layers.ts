/** What goes through each layer, and what comes back: a histogram of each. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Distribution, LayersDisplay } from '../../../src/protocol/display';
import { percent, short } from '../../../src/words/numbers';
import { block } from '../../kit/dom/block';
import { sized } from '../../kit/dom/canvas';
import { painted } from '../../kit/dom/directives';
import { toCss, type Rgb } from '../../kit/theme/color';
import type { Theme } from '../../kit/theme/theme';
import type { OutputView } from '../view';
import { summaryTexts } from './tensor';

const WIDTH = 120;
const HEIGHT = 32;

export class LayersView implements OutputView<'layers'> {
  readonly element = block('stack');

  draw({ layers }: LayersDisplay, theme: Theme): void {
    const back = layers.some(({ gradient }) => gradient !== undefined);
    const head = (text: string): TemplateResult => html`<th scope="col">${text}</th>`;
    render(
      html`<div class="scroller" tabindex="0" role="region" aria-label=${l10n.t('Activations and gradients')}>
        <table class="grid">
          <thead>
            <tr>
              ${head(l10n.t('layer'))}${head(l10n.t('output'))}${head(l10n.t('activations'))}${head(l10n.t('zeros'))}
              ${back ? [head(l10n.t('gradient of the output')), head(l10n.t('gradient of the weights'))] : nothing}
            </tr>
          </thead>
          <tbody>
            ${layers.map(
              ({ name, type, shape, activation, zeros, gradient, weightGradient }) =>
                html`<tr>
                  <th scope="row">${name}<br /><span class="quiet">${type}</span></th>
                  <td class="number">[${shape.join(', ')}]</td>
                  <td>${histogram(activation, theme, theme.series[0])}</td>
                  <td class="number">${percent(zeros)}</td>
                  ${
                    back
                      ? html`<td>${histogram(gradient, theme, theme.series[1])}</td>
                          <td>${histogram(weightGradient, theme, theme.series[2])}</td>`
                      : nothing
                  }
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`,
      this.element,
    );
  }
}

function histogram(of: Distribution | undefined, theme: Theme, color: Rgb = theme.foreground): TemplateResult {
  if (of === undefined) return html`–`;
  const label = summaryTexts(of.summary).join(', ');
  const paint = (canvas: HTMLCanvasElement): void => {
    const context = sized(canvas, WIDTH, HEIGHT);
    const most = Math.max(1, ...of.counts);
    const width = WIDTH / of.counts.length;
    context.fillStyle = toCss(color);
    of.counts.forEach((value, bin) => {
      const height = (value / most) * (HEIGHT - 1);
      context.fillRect(bin * width, HEIGHT - height, Math.max(1, width - 0.5), height);
    });
  };
  const { min, max, deviation } = of.summary;
  return html`<canvas
      class="small-histogram"
      role="img"
      aria-label=${label}
      title=${label}
      ${painted(paint, of, theme)}
    ></canvas>
    <span class="quiet number small-range"
      >${min === null ? '–' : short(min)} …
      ${max === null ? '–' : short(max)}${deviation === null ? nothing : html`, σ ${short(deviation)}`}</span
    >`;
}
