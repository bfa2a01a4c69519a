/** The confusion matrix as a table: true classes down, predicted classes across, with recall and precision. */
import * as l10n from '@vscode/l10n';
import type { ConfusionMatrix } from '../../../../src/protocol/run';
import { shareText } from '../../../../src/protocol/share';
import { h } from '../../dom/elements';
import { count } from '../../text/format';
import { matrixFacts } from './matrixFacts';

export class MatrixView {
  readonly #summary = h('p', { id: 'matrix-summary' });
  readonly #head = h('thead');
  readonly #body = h('tbody');
  readonly #foot = h('tfoot');
  readonly #table = h(
    'table',
    { class: 'matrix', 'aria-describedby': 'matrix-summary' },
    this.#head,
    this.#body,
    this.#foot,
  );
  readonly element = h(
    'div',
    { class: 'stack' },
    this.#summary,
    h('div', { class: 'scroller', tabindex: 0, role: 'region', 'aria-label': l10n.t('Confusion matrix') }, this.#table),
  );

  draw(data: ConfusionMatrix): void {
    const { recall, precision, share } = matrixFacts(data.counts);
    this.#summary.textContent = data.summary;
    this.#head.replaceChildren(
      h(
        'tr',
        {},
        h('td', { class: 'corner', text: l10n.t('true ↓  predicted →') }),
        ...data.classes.map((name) => h('th', { scope: 'col', class: 'tall' }, h('span', { text: name }))),
        h('th', { scope: 'col', class: 'tall total' }, h('span', { text: l10n.t('recall') })),
      ),
    );
    this.#body.replaceChildren(
      ...data.classes.map((name, row) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row', text: name }),
          ...data.classes.map((predicted, column) => {
            const value = data.counts[row]?.[column] ?? 0;
            const kind = row === column ? 'hit' : value === 0 ? 'none' : 'miss';
            const title = l10n.t('{0} of class {1} taken for {2}', count(value), name, predicted);
            const cell = h('td', { class: `number ${kind}`, title, text: value === 0 ? '·' : count(value) });
            if (value === 0) cell.setAttribute('aria-label', '0');
            cell.style.setProperty('--share', `${Math.round((share[row]?.[column] ?? 0) * 100)}%`);
            return cell;
          }),
          h('td', { class: 'number total', text: cellText(recall[row]) }),
        ),
      ),
    );
    this.#foot.replaceChildren(
      h(
        'tr',
        {},
        h('th', { scope: 'row', text: l10n.t('precision') }),
        ...data.classes.map((_, column) => h('td', { class: 'number', text: cellText(precision[column]) })),
        h('td', { class: 'total' }),
      ),
    );
  }
}

function cellText(share: number | undefined): string {
  return share === undefined || Number.isNaN(share) ? '–' : shareText(share);
}
