/** Test texts, each word coloured by whether it helps the right answer, with a bar for the attention that it gets. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { DecidingWord, DecidingWords } from '../../../../src/protocol/textPictures';
import { decimal, percent } from '../../../../src/words/numbers';
import { tokenText } from '../../../../src/words/tokens';
import { block } from '../../dom/block';
import { cssVariables } from '../../dom/directives';
import type { PictureView } from '../picture';
import { whenText } from '../when';

type Text = DecidingWords['texts'][number];

export class WordsView implements PictureView<'decidingWords'> {
  readonly element = block('stack');

  draw(data: DecidingWords): void {
    const changes = data.texts.flatMap(({ loss, words }) => words.map((word) => Math.abs(word.lossWithout - loss)));
    // One scale for all, and noise does not look like a decision.
    const largest = Math.max(0.1, ...changes);
    const attends = data.texts.some(({ words }) => words.some(({ attention }) => attention !== undefined));
    render(
      html`<p>${data.summary}</p>
        <ul class="words-legend">
          <li><span class="word-swatch helps"></span>${l10n.t('helps: without it the loss is higher')}</li>
          <li><span class="word-swatch harms"></span>${l10n.t('harms: without it the loss is lower')}</li>
          ${attends ? html`<li><span class="word-swatch attends"></span>${l10n.t('bar: share of the attention')}</li>` : nothing}
        </ul>
        <ol class="deciding">
          ${data.texts.map((text) => this.#text(text, data.classes, largest))}
        </ol>
        <p class="quiet number">${whenText(data)}</p>`,
      this.element,
    );
  }

  #text({ label, predicted, loss, words }: Text, classes: readonly string[], largest: number): TemplateResult {
    const most = Math.max(...words.map(({ attention = 0 }) => attention), 1e-6);
    return html`<li class="stack">
      <p class="deciding-words">
        ${words.map((word) => {
          const by = word.lossWithout - loss;
          return html`<span
            class="deciding-word ${by >= 0 ? 'helps' : 'harms'}"
            title=${wordText(word, by)}
            ${cssVariables({
              '--by': Math.min(1, Math.abs(by) / largest).toFixed(3),
              '--attention': ((word.attention ?? 0) / most).toFixed(3),
            })}
            >${tokenText(word.token)}</span
          > `;
        })}
      </p>
      <p class="quiet number">
        ${l10n.t('label: {0}', classes[label] ?? String(label))} ·
        <span class=${label === predicted ? '' : 'wrong'}
          >${l10n.t('model: {0}', classes[predicted] ?? String(predicted))}</span
        >
        · ${l10n.t('loss {0}', decimal(loss, 2, 2))}
      </p>
      <details>
        <summary class="quiet">${l10n.t('Word by word')}</summary>
        <table class="figures word-figures">
          <thead>
            <tr>
              <th scope="col">${l10n.t('word')}</th>
              <th scope="col">${l10n.t('loss without it')}</th>
              <th scope="col">${l10n.t('attention')}</th>
            </tr>
          </thead>
          <tbody>
            ${words.map(
              (word) =>
                html`<tr>
                  <th scope="row">${tokenText(word.token)}</th>
                  <td class="number">${decimal(word.lossWithout, 2, 2)}</td>
                  <td class="number">${word.attention === undefined ? '–' : percent(word.attention, 1)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </details>
    </li>`;
  }
}

function wordText({ token, lossWithout, attention }: DecidingWord, by: number): string {
  const change = `${by < 0 ? '−' : '+'}${decimal(Math.abs(by), 2, 2)}`;
  const loss = l10n.t('{0}: loss {1} without it ({2})', tokenText(token), decimal(lossWithout, 2, 2), change);
  return attention === undefined ? loss : `${loss}, ${l10n.t('attention {0}', percent(attention, 1))}`;
}
