/** Which rows of many are seen, and the way to the others. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import { count } from '../../../src/words/numbers';

export interface Pages {
  readonly from: number;
  /** Rows on this page, and in all. */
  readonly rows: number;
  readonly total: number;
  /** Rows of a whole page. */
  readonly size: number;
  /** Undefined where there is nobody to ask. */
  readonly go: ((from: number) => void) | undefined;
  /** Nobody has the rest any more. */
  readonly gone: boolean;
}

export function pager({ from, rows, total, size, go, gone }: Pages): TemplateResult | typeof nothing {
  if (rows >= total) return nothing;
  const text = l10n.t('{0} to {1} of {2}', count(from + 1), count(from + rows), count(total));
  const step = (to: number, label: string, sign: string): TemplateResult =>
    html`<button
      class="quiet-button"
      type="button"
      aria-label=${label}
      title=${label}
      ?disabled=${go === undefined || gone || to === from}
      @click=${() => {
        go?.(to);
      }}
    >
      ${sign}
    </button>`;
  const last = Math.max(0, Math.floor((total - 1) / size) * size);
  return html`<div class="pager" role="group" aria-label=${l10n.t('Pages')}>
    ${step(0, l10n.t('First page'), '⏮')}${step(Math.max(0, from - size), l10n.t('Page before'), '◀')}
    <span class="number" role="status">${text}</span>
    ${step(from + size < total ? from + size : from, l10n.t('Next page'), '▶')}${step(last, l10n.t('Last page'), '⏭')}
    ${gone ? html`<span class="quiet">${l10n.t('The rest is gone with its kernel: run the cell again.')}</span>` : nothing}
  </div>`;
}
