/** The most confident mistakes as pictures: what it is, what the model said, and how sure it was. */
import * as l10n from '@vscode/l10n';
import { html, render } from 'lit-html';
import type { WorstMistakes } from '../../../../src/protocol/pictures';
import { confidenceText } from '../../../../src/words/shares';
import { block } from '../../dom/block';
import { painted } from '../../dom/directives';
import { paintPixels } from '../paint';
import type { PictureView } from '../picture';

export class MistakesView implements PictureView<'worstMistakes'> {
  readonly element = block('stack');

  draw(data: WorstMistakes): void {
    const mistakes = data.items.map((item) => {
      const truth = data.classes[item.label] ?? String(item.label);
      const said = data.classes[item.predicted] ?? String(item.predicted);
      const sure = confidenceText(item.confidence);
      const label = l10n.t('Test image {0}: {1}, taken for {2} with {3}', item.index, truth, said, sure);
      const paint = (canvas: HTMLCanvasElement): void => {
        paintPixels(canvas, { ...data, pixels: item.pixels });
      };
      return html`<li title=${label}>
        <canvas class="mistake-image" role="img" aria-label=${label} ${painted(paint, item.pixels)}></canvas>
        <div class="mistake-text" aria-hidden="true">
          <span class="truth">${truth}</span>
          <span class="said">→ ${said}</span>
          <span class="number quiet">${sure}</span>
        </div>
      </li>`;
    });
    render(
      html`<p>${data.summary}</p>
        <ul class="mistakes">
          ${mistakes}
        </ul>`,
      this.element,
    );
  }
}
