/** Rows and columns, a page at a time. */
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { TableCell, TableDisplay, TablePage } from '../../../src/protocol/display';
import { short } from '../../../src/words/numbers';
import { block } from '../../kit/dom/block';
import type { OutputHost, OutputView } from '../view';
import { pager } from './pager';

export class TableView implements OutputView<'table'> {
  readonly element = block('stack');
  #display: TableDisplay | undefined;
  #page: TablePage | undefined;
  #gone = false;

  constructor(private readonly host: OutputHost) {}

  draw(display: TableDisplay): void {
    if (display !== this.#display) {
      this.#display = display;
      this.#page = display.page;
      this.#gone = false;
    }
    this.#render();
  }

  #render(): void {
    const { title, columns, total, handle, page } = this.#display ?? {};
    const shown = this.#page;
    if (columns === undefined || shown === undefined || total === undefined) return;
    const size = page?.rows.length ?? 0;
    const pages = pager({
      from: shown.from,
      rows: shown.rows.length,
      total,
      size,
      gone: this.#gone,
      go: handle === undefined ? undefined : (from) => void this.#go(handle, from, size),
    });
    render(
      html`${title === undefined ? nothing : html`<h3>${title}</h3>`}${tableOf(columns, shown)}${pages}`,
      this.element,
    );
  }

  async #go(handle: string, from: number, size: number): Promise<void> {
    const page = await this.host.readPage(handle, from, size);
    if (page?.kind === 'table') this.#page = page;
    else this.#gone = true;
    this.#render();
  }
}

export function tableOf(columns: readonly string[], { from, rows }: TablePage): TemplateResult {
  const numeric = columns.map((_, place) => rows.every((row) => row[place] === null || typeof row[place] === 'number'));
  return html`<div class="scroller" tabindex="0" role="region" aria-label=${columns.join(', ')}>
    <table class="grid">
      <thead>
        <tr>
          <th scope="col" class="place"></th>
          ${columns.map((name, place) => html`<th scope="col" class=${numeric[place] ? 'number' : ''}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row, index) =>
            html`<tr>
              <th scope="row" class="place number">${from + index}</th>
              ${columns.map((_, place) => html`<td class=${numeric[place] ? 'number' : ''}>${cellText(row[place])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cellText(value: TableCell | undefined): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number' && !Number.isInteger(value) ? short(value) : String(value);
}
