/** A model: its layers with shapes and parameters; where they branch, a diagram of what goes where. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, svg, type TemplateResult } from 'lit-html';
import type { ModelDisplay, ModelLayer } from '../../../src/protocol/display';
import { count } from '../../../src/words/numbers';
import { block } from '../../kit/dom/block';
import { arrange, type Arranged } from '../diagram';
import type { OutputView } from '../view';

export class ModelView implements OutputView<'model'> {
  readonly element = block('stack');

  draw(model: ModelDisplay): void {
    const { name, layers, parameters, trainable, sequential } = model;
    const frozen = parameters - trainable;
    render(
      html`<p>
          <strong>${name}</strong>
          <span class="number">${l10n.t('{0} layers, {1} parameters', count(layers.length), count(parameters))}</span>
          ${frozen === 0 ? nothing : html`<span class="number quiet">${l10n.t('{0} of them frozen', count(frozen))}</span>`}
        </p>
        ${sequential ? nothing : diagram(layers)}
        <div class="scroller" tabindex="0" role="region" aria-label=${l10n.t('Layers of {0}', name)}>
          <table class="grid">
            <thead>
              <tr>
                <th scope="col">${l10n.t('layer')}</th>
                <th scope="col">${l10n.t('type')}</th>
                <th scope="col"></th>
                <th scope="col">${l10n.t('output')}</th>
                <th scope="col" class="number">${l10n.t('parameters')}</th>
              </tr>
            </thead>
            <tbody>
              ${layers.map(row)}
            </tbody>
          </table>
        </div>`,
      this.element,
    );
  }
}

const shapeText = (shape: readonly (number | null)[]): string => `[${shape.map((size) => size ?? '·').join(', ')}]`;

function row({ name, type, details, outputShape, parameters, trainable }: ModelLayer): TemplateResult {
  const frozen = !trainable && parameters > 0;
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${type}</td>
    <td class="quiet">${details}</td>
    <td class="number">${shapeText(outputShape)}</td>
    <td class="number">
      ${count(parameters)}${frozen ? html` <span class="quiet">${l10n.t('frozen')}</span>` : nothing}
    </td>
  </tr>`;
}

const WIDTH = 150;
const HEIGHT = 40;
const GAP_X = 24;
const GAP_Y = 28;

function diagram(layers: readonly ModelLayer[]): TemplateResult {
  const { places, rows, columns } = arrange(layers.map(({ inputs }) => inputs));
  const width = columns * (WIDTH + GAP_X) + GAP_X;
  const height = rows * (HEIGHT + GAP_Y) + GAP_Y;
  const left = ({ column }: Arranged): number => GAP_X + column * (WIDTH + GAP_X);
  const top = ({ row: level }: Arranged): number => GAP_Y / 2 + level * (HEIGHT + GAP_Y);
  const label = l10n.t(
    'Diagram: {0}',
    layers
      .map(({ name, inputs }) => `${inputs.map((place) => layers[place]?.name ?? '').join(' + ')} → ${name}`)
      .join('; '),
  );
  const edges = layers.flatMap(({ inputs }, to) =>
    inputs.flatMap((from) => {
      const [a, b] = [places[from], places[to]];
      if (a === undefined || b === undefined) return [];
      const [x1, y1, x2, y2] = [left(a) + WIDTH / 2, top(a) + HEIGHT, left(b) + WIDTH / 2, top(b)];
      const bend = Math.max(12, (y2 - y1) / 2);
      return [svg`<path class="edge" d="M ${x1} ${y1} C ${x1} ${y1 + bend}, ${x2} ${y2 - bend}, ${x2} ${y2}" />`];
    }),
  );
  const nodes = layers.map((layer, index) => {
    const place = places[index];
    if (place === undefined) return nothing;
    const x = left(place) + WIDTH / 2;
    return svg`<g>
      <rect class="node" x=${left(place)} y=${top(place)} width=${WIDTH} height=${HEIGHT} rx="4" />
      <text class="node-name" x=${x} y=${top(place) + 17} text-anchor="middle">${cut(layer.name)}</text>
      <text class="node-shape" x=${x} y=${top(place) + 32} text-anchor="middle">${shapeText(layer.outputShape)}</text>
    </g>`;
  });
  return html`<div class="scroller diagram" tabindex="0" role="region" aria-label=${l10n.t('Diagram')}>
    <svg role="img" aria-label=${label} width=${width} height=${height} viewBox="0 0 ${width} ${height}">
      ${edges}${nodes}
    </svg>
  </div>`;
}

const cut = (name: string): string => (name.length > 20 ? `${name.slice(0, 19)}…` : name);
