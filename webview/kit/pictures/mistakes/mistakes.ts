/** The most confident mistakes as pictures: what it is, what the model said, and how sure it was. */
import * as l10n from '@vscode/l10n';
import type { WorstMistakes } from '../../../../src/protocol/run';
import { confidenceText } from '../../../../src/protocol/share';
import { context2d, decodeBase64, h } from '../../dom/elements';
import { toRgba } from '../pixels';

export class MistakesView {
  readonly #summary = h('p');
  readonly #list = h('ul', { class: 'mistakes' });
  readonly element = h('div', { class: 'stack' }, this.#summary, this.#list);

  draw(data: WorstMistakes): void {
    this.#summary.textContent = data.summary;
    this.#list.replaceChildren(
      ...data.items.map((item) => {
        const truth = data.classes[item.label] ?? String(item.label);
        const said = data.classes[item.predicted] ?? String(item.predicted);
        const sure = confidenceText(item.confidence);
        const label = l10n.t('Test image {0}: {1}, taken for {2} with {3}', item.index, truth, said, sure);
        const canvas = h('canvas', { class: 'mistake-image', role: 'img', 'aria-label': label });
        canvas.width = data.width;
        canvas.height = data.height;
        const pixels = toRgba(decodeBase64(item.pixels), data.width, data.height, data.channels);
        context2d(canvas).putImageData(new ImageData(pixels, data.width, data.height), 0, 0);
        return h(
          'li',
          { title: label },
          canvas,
          h(
            'div',
            { class: 'mistake-text', 'aria-hidden': 'true' },
            h('span', { class: 'truth', text: truth }),
            h('span', { class: 'said', text: `→ ${said}` }),
            h('span', { class: 'number quiet', text: sure }),
          ),
        );
      }),
    );
  }
}
