/** What dropout drops: one row of units a pass, and how much of each layer is left on average. */
import * as l10n from '@vscode/l10n';
import type { DropoutMasks, MaskedLayer } from '../../../../src/protocol/run';
import { context2d, h, setAttribute, setHidden, setText } from '../../dom/elements';
import { count, epochText, figure, percent } from '../../text/format';
import { toCss } from '../../theme/color';
import type { Theme } from '../../theme/theme';
import { ExamplePicture } from '../example';
import { whyText } from './masksText';

const CELL = { width: 4, height: 12, gap: 1 };

export class MasksView {
  readonly #summary = h('p');
  readonly #why = h('p');
  readonly #when = h('p', { class: 'quiet number' });
  readonly #picture = new ExamplePicture();
  readonly #layers = h('div', { class: 'masked-layers' });
  readonly #views: LayerView[] = [];
  readonly element = h(
    'div',
    { class: 'stack' },
    h(
      'div',
      { class: 'walk-top' },
      this.#picture.element,
      h('div', { class: 'stack' }, this.#summary, this.#why, this.#when),
    ),
    this.#layers,
  );

  draw(data: DropoutMasks, theme: Theme): void {
    setText(this.#summary, data.summary);
    setText(this.#why, whyText(data.layers));
    setText(this.#when, l10n.t('After epoch {0}, step {1}', epochText(data.epoch), count(data.step)));
    this.#picture.draw(data.example, data.classes);
    while (this.#views.length < data.layers.length) {
      const view = new LayerView();
      this.#views.push(view);
      this.#layers.append(view.element);
    }
    for (const view of this.#views.splice(data.layers.length)) view.element.remove();
    data.layers.forEach((layer, index) => this.#views[index]?.draw(layer, index, theme));
  }
}

/** One layer. Its parts stay in the page, so that newer numbers neither take the focus nor scroll back. */
class LayerView {
  readonly #title = h('h3');
  readonly #facts = h('p', { class: 'number' });
  readonly #masks = createScroller();
  readonly #activations = createScroller();
  readonly #note = h('p', { class: 'quiet', text: noteText() });
  readonly element = h(
    'section',
    { class: 'stack' },
    this.#title,
    this.#facts,
    this.#masks,
    h('p', {
      class: 'quiet',
      text: l10n.t('One row a pass, one column a unit. A bar is a unit that is kept, a dot one that is dropped.'),
    }),
    this.#activations,
    this.#note,
  );

  draw(layer: MaskedLayer, index: number, theme: Theme): void {
    const name = layer.name === '' ? l10n.t('Dropout {0}', index + 1) : layer.name;
    setText(this.#title, name);
    setText(this.#facts, factsText(layer));
    setAttribute(this.#masks, 'aria-label', l10n.t('Masks of {0}', name));
    this.#masks.replaceChildren(maskCanvas(layer, name, theme));
    const table = activationTable(layer);
    setHidden(this.#activations, table === undefined);
    setHidden(this.#note, table === undefined || index === 0);
    setAttribute(this.#activations, 'aria-label', l10n.t('Activations of {0}', name));
    this.#activations.replaceChildren(...(table === undefined ? [] : [table]));
  }
}

function createScroller(): HTMLElement {
  return h('div', { class: 'scroller', tabindex: 0, role: 'region' });
}

function factsText(layer: MaskedLayer): string {
  const drawn = layer.masks[0]?.length ?? 0;
  return [
    l10n.t('{0} units', count(layer.units)),
    l10n.t('{0} dropped', percent(layer.dropped, 1)),
    l10n.t('kept × {0}', Number(layer.scale.toPrecision(3))),
    ...(drawn < layer.units ? [l10n.t('the first {0} units are drawn', count(drawn))] : []),
  ].join(' · ');
}

function noteText(): string {
  return l10n.t(
    'What arrives here is noisy from the dropout before it, and an activation function does not hand on the mean of noise unchanged. So training and test differ more than by chance, although this layer keeps its own expectation.',
  );
}

function maskCanvas({ masks, dropped }: MaskedLayer, name: string, theme: Theme): HTMLCanvasElement {
  const scale = Math.max(1, Math.round(window.devicePixelRatio));
  const width = (masks[0]?.length ?? 0) * (CELL.width + CELL.gap);
  const height = masks.length * (CELL.height + CELL.gap);
  const canvas = h('canvas', {
    class: 'masks',
    role: 'img',
    'aria-label': l10n.t(
      '{0}: {1} passes, each with other units dropped, {2} of all',
      name,
      masks.length,
      percent(dropped),
    ),
    width: width * scale,
    height: height * scale,
  });
  canvas.style.setProperty('--width', `${width}px`);
  const context = context2d(canvas);
  context.scale(scale, scale);
  context.fillStyle = toCss(theme.series[0] ?? theme.foreground);
  masks.forEach((mask, pass) => {
    const y = pass * (CELL.height + CELL.gap);
    for (let unit = 0; unit < mask.length; unit++) {
      const x = unit * (CELL.width + CELL.gap);
      if (mask[unit] === '1') context.fillRect(x, y, CELL.width, CELL.height);
    }
  });
  context.fillStyle = theme.muted;
  masks.forEach((mask, pass) => {
    const y = pass * (CELL.height + CELL.gap) + CELL.height / 2 - 1;
    for (let unit = 0; unit < mask.length; unit++) {
      const x = unit * (CELL.width + CELL.gap) + CELL.width / 2 - 1;
      if (mask[unit] === '0') context.fillRect(x, y, 2, 2);
    }
  });
  return canvas;
}

/** Training against test, for the whole layer and for the most active units. */
function activationTable({ means, activations: units, passes }: MaskedLayer): HTMLElement | undefined {
  if (means === undefined) return undefined;
  const line = (title: string, training: number, test: number): HTMLElement =>
    h(
      'tr',
      {},
      h('th', { scope: 'row', text: title }),
      h('td', { class: 'number', text: figure(training) }),
      h('td', { class: 'number', text: figure(test) }),
    );
  return h(
    'table',
    { class: 'walk-numbers' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col', text: l10n.t('activation') }),
        h('th', { scope: 'col', text: l10n.t('training, mean of {0} passes', count(passes)) }),
        h('th', { scope: 'col', text: l10n.t('at test time') }),
      ),
    ),
    h('tbody', {}, ...units.map(({ unit, training, test }) => line(l10n.t('unit {0}', unit), training, test))),
    h('tfoot', {}, line(l10n.t('mean of all units'), means.training, means.test)),
  );
}
