/** What dropout drops: one row of units a pass, and how much of each layer is left on average. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { DropoutMasks, MaskedLayer } from '../../../../src/protocol/pictures';
import { block } from '../../dom/block';
import { sized } from '../../dom/canvas';
import { cssVariables, painted } from '../../dom/directives';
import { count, figure, percent } from '../../../../src/words/numbers';
import { toCss } from '../../theme/color';
import type { Theme } from '../../theme/theme';
import { examplePicture } from '../example';
import type { PictureView } from '../picture';
import { whenText } from '../when';
import { passesText, whyText } from './masksText';

const CELL = { width: 4, height: 12, gap: 1 };

export class MasksView implements PictureView<'dropoutMasks'> {
  readonly element = block('stack');

  draw(data: DropoutMasks, theme: Theme): void {
    render(
      html`<div class="walk-top">
          ${examplePicture(data.example, data.classes)}
          <div class="stack">
            <p>${data.summary}</p>
            <p>${whyText(data.layers)}</p>
            <p class="quiet number">${whenText(data)}</p>
          </div>
        </div>
        <div class="masked-layers">${data.layers.map((layer, index) => maskedLayer(layer, index, theme))}</div>`,
      this.element,
    );
  }
}

function maskedLayer(layer: MaskedLayer, index: number, theme: Theme): TemplateResult {
  const name = layer.name === '' ? l10n.t('Dropout {0}', index + 1) : layer.name;
  const legend = l10n.t('One row a pass, one column a unit. A bar is a unit that is kept, a dot one that is dropped.');
  return html`<section class="stack">
    <h3>${name}</h3>
    <p class="number">${factsText(layer)}</p>
    <div class="scroller" tabindex="0" role="region" aria-label=${l10n.t('Masks of {0}', name)}>
      ${maskCanvas(layer, name, theme)}
    </div>
    <p class="quiet">${legend}</p>
    ${activations(layer, name)} ${layer.means === undefined || index === 0 ? nothing : note()}
  </section>`;
}

function factsText(layer: MaskedLayer): string {
  const drawn = layer.masks[0]?.length ?? 0;
  return [
    layer.units === 1 ? l10n.t('1 unit') : l10n.t('{0} units', count(layer.units)),
    l10n.t('{0} dropped', percent(layer.dropped, 1)),
    l10n.t('kept × {0}', Number(layer.scale.toPrecision(3))),
    ...(drawn < layer.units ? [l10n.t('the first {0} units are drawn', count(drawn))] : []),
  ].join(' · ');
}

function note(): TemplateResult {
  const text = l10n.t(
    'What arrives here is noisy from the dropout before it, and an activation function does not hand on the mean of noise unchanged. So training and test differ more than by chance, although this layer keeps its own expectation.',
  );
  return html`<p class="quiet">${text}</p>`;
}

function maskCanvas(layer: MaskedLayer, name: string, theme: Theme): TemplateResult {
  const { masks, dropped } = layer;
  const width = (masks[0]?.length ?? 0) * (CELL.width + CELL.gap);
  const height = masks.length * (CELL.height + CELL.gap);
  const label = l10n.t(
    '{0}: {1}, each with other units dropped, {2} of all',
    name,
    passesText(masks.length),
    percent(dropped),
  );
  const paint = (canvas: HTMLCanvasElement): void => {
    paintMasks(sized(canvas, width, height), masks, theme);
  };
  return html`<canvas
    class="masks"
    role="img"
    aria-label=${label}
    ${painted(paint, masks, theme)}
    ${cssVariables({ '--width': `${width}px` })}
  ></canvas>`;
}

function paintMasks(context: CanvasRenderingContext2D, masks: readonly string[], theme: Theme): void {
  masks.forEach((mask, pass) => {
    const top = pass * (CELL.height + CELL.gap);
    for (let unit = 0; unit < mask.length; unit++) {
      const left = unit * (CELL.width + CELL.gap);
      if (mask[unit] === '1') {
        context.fillStyle = toCss(theme.series[0] ?? theme.foreground);
        context.fillRect(left, top, CELL.width, CELL.height);
      } else {
        context.fillStyle = theme.muted;
        context.fillRect(left + CELL.width / 2 - 1, top + CELL.height / 2 - 1, 2, 2);
      }
    }
  });
}

/** Training against test, for the most active units and for the whole layer. */
function activations(
  { means, activations: units, passes }: MaskedLayer,
  name: string,
): TemplateResult | typeof nothing {
  if (means === undefined) return nothing;
  const line = (title: string, training: number, test: number): TemplateResult =>
    html`<tr>
      <th scope="row">${title}</th>
      <td class="number">${figure(training)}</td>
      <td class="number">${figure(test)}</td>
    </tr>`;
  return html`<div class="scroller" tabindex="0" role="region" aria-label=${l10n.t('Activations of {0}', name)}>
    <table class="walk-numbers">
      <thead>
        <tr>
          <th scope="col">${l10n.t('activation')}</th>
          <th scope="col">${l10n.t('training, mean of {0}', passesText(passes))}</th>
          <th scope="col">${l10n.t('at test time')}</th>
        </tr>
      </thead>
      <tbody>
        ${units.map(({ unit, training, test }) => line(l10n.t('unit {0}', unit), training, test))}
      </tbody>
      <tfoot>
        ${line(l10n.t('mean of all units'), means.training, means.test)}
      </tfoot>
    </table>
  </div>`;
}
