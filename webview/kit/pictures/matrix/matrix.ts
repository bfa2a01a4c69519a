/** The confusion matrix as a table: true classes down, predicted classes across, with recall and precision. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { ConfusionMatrix } from '../../../../src/protocol/pictures';
import { shareText } from '../../../../src/words/shares';
import { block } from '../../dom/block';
import { cssVariables } from '../../dom/directives';
import { uniqueId } from '../../dom/ids';
import { count } from '../../../../src/words/numbers';
import type { PictureView } from '../picture';
import { matrixFacts } from './matrixFacts';

export class MatrixView implements PictureView<'confusionMatrix'> {
  readonly element = block('stack');
  readonly #summary = uniqueId('matrix');

  draw({ classes, counts, summary }: ConfusionMatrix): void {
    const { recall, precision, share } = matrixFacts(counts);
    const tall = (name: string, kind: string): TemplateResult =>
      html`<th scope="col" class=${kind}><span>${name}</span></th>`;
    const cell = (row: number, column: number): TemplateResult => {
      const value = counts[row]?.[column] ?? 0;
      const kind = row === column ? 'hit' : value === 0 ? 'none' : 'miss';
      return html`<td
        class="number ${kind}"
        title=${l10n.t('{0} of class {1} taken for {2}', count(value), classes[row] ?? '', classes[column] ?? '')}
        aria-label=${value === 0 ? '0' : nothing}
        ${cssVariables({ '--share': `${Math.round((share[row]?.[column] ?? 0) * 100)}%` })}
      >
        ${value === 0 ? '·' : count(value)}
      </td>`;
    };
    render(
      html`<p id=${this.#summary}>${summary}</p>
        <div class="scroller" tabindex="0" role="region" aria-label=${l10n.t('Confusion matrix')}>
          <table class="matrix" aria-describedby=${this.#summary}>
            <thead>
              <tr>
                <td class="corner">${l10n.t('true ↓  predicted →')}</td>
                ${classes.map((name) => tall(name, 'tall'))}${tall(l10n.t('recall'), 'tall total')}
              </tr>
            </thead>
            <tbody>
              ${classes.map(
                (name, row) =>
                  html`<tr>
                    <th scope="row">${name}</th>
                    ${classes.map((_, column) => cell(row, column))}
                    <td class="number total">${cellText(recall[row])}</td>
                  </tr>`,
              )}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">${l10n.t('precision')}</th>
                ${classes.map((_, column) => html`<td class="number">${cellText(precision[column])}</td>`)}
                <td class="total"></td>
              </tr>
            </tfoot>
          </table>
        </div>`,
      this.element,
    );
  }
}

function cellText(share: number | undefined): string {
  return share === undefined || Number.isNaN(share) ? '–' : shareText(share);
}
