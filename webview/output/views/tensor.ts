/** A tensor: what is known of all of it, and its numbers as a line, a table, a heat map or pictures. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Summary, TensorDisplay, TensorPage } from '../../../src/protocol/display';
import { count, figure, short } from '../../../src/words/numbers';
import { painted } from '../../kit/dom/directives';
import { block } from '../../kit/dom/block';
import { uniqueId } from '../../kit/dom/ids';
import type { Theme } from '../../kit/theme/theme';
import { floatsOf } from '../floats';
import type { OutputHost, OutputView } from '../view';
import { choiceOf } from './choice';
import { Figure } from './figure';
import { paintHeat, paintPicture } from './heat';
import { pager } from './pager';

type Way = TensorDisplay['view'];

/** Columns of a table that are written; more would be no table that anyone reads. */
const MOST_COLUMNS = 64;

export class TensorView implements OutputView<'tensor'> {
  readonly element = block('stack');
  readonly #name = uniqueId('view');
  #display: TensorDisplay | undefined;
  #theme: Theme | undefined;
  #page: TensorPage | undefined;
  #values: Float32Array = new Float32Array();
  #way: Way | undefined;
  #gone = false;
  #figure: Figure | undefined;

  constructor(private readonly host: OutputHost) {}

  draw(display: TensorDisplay, theme: Theme): void {
    this.#theme = theme;
    if (display !== this.#display) {
      this.#display = display;
      this.#gone = false;
      this.#take(display.page);
      if (this.#way === undefined || !waysOf(display).includes(this.#way)) this.#way = display.view;
    }
    this.#render();
  }

  dispose(): void {
    this.#figure?.dispose();
  }

  #take(page: TensorPage): void {
    this.#page = page;
    this.#values = floatsOf(page.values);
  }

  #render(): void {
    const display = this.#display;
    const page = this.#page;
    const way = this.#way;
    const theme = this.#theme;
    if (display === undefined || page === undefined || way === undefined || theme === undefined) return;
    const { handle } = display;
    const ways = waysOf(display);
    const choose = (option: Way): void => {
      this.#way = option;
      this.#render();
    };
    const options = ways.map((option) => [option, wayText(option)] as const);
    render(
      html`<div class="output-head">
          <p class="tensor-facts">${factsOf(display)}</p>
          ${ways.length < 2 ? nothing : choiceOf({ label: l10n.t('Shown as'), name: this.#name, options, chosen: way, choose })}
        </div>
        ${this.#body(display, page, way, theme)}
        ${pager({
          from: page.from,
          rows: page.rows,
          total: display.rows,
          size: display.page.rows,
          gone: this.#gone,
          go: handle === undefined ? undefined : (from) => void this.#go(handle, from, display.page.rows),
        })}`,
      this.element,
    );
    this.#figure?.redraw(theme);
  }

  #body(display: TensorDisplay, page: TensorPage, way: Way, theme: Theme): TemplateResult | typeof nothing {
    if (way !== 'line') {
      this.#figure?.dispose();
      this.#figure = undefined;
    }
    switch (way) {
      case 'scalar':
        return html`<p class="scalar number">
          ${page.texts?.[0] ?? numberText(this.#values[0] ?? NaN, display.dtype)}
        </p>`;
      case 'line':
        return this.#line(display, page, theme);
      case 'table':
        return tableOf(display, page, this.#values);
      case 'heatMap':
        return heatMapOf(display, page, this.#values, theme);
      case 'images':
        return imagesOf(display, page, this.#values);
    }
  }

  #line({ columns }: TensorDisplay, page: TensorPage, theme: Theme): TemplateResult {
    this.#figure ??= new Figure();
    const figureShown = this.#figure;
    const perRow = columns === 1 ? [this.#values] : rowsOf(page, columns, this.#values).slice(0, theme.series.length);
    const first = columns === 1 ? page.from : 0;
    figureShown.set({
      x: { label: l10n.t('index'), scale: 'linear' },
      y: { label: '', scale: 'linear' },
      series: perRow.map((values, index) => ({
        kind: 'line' as const,
        label: columns === 1 ? l10n.t('value') : l10n.t('row {0}', page.from + index),
        x: Float32Array.from(values, (_, place) => first + place),
        y: values,
      })),
    });
    return html`${figureShown.element}`;
  }

  async #go(handle: string, from: number, size: number): Promise<void> {
    const page = await this.host.readPage(handle, from, size);
    if (page?.kind === 'tensor') this.#take(page);
    else this.#gone = true;
    this.#render();
  }
}

function waysOf({ view, rows, columns, image, shape, dtype }: TensorDisplay): readonly Way[] {
  if (view === 'scalar') return ['scalar'];
  if (dtype === 'string') return ['table'];
  const ways: Way[] = image === undefined ? [] : ['images'];
  if (shape.length <= 1) return rows * columns > 1 ? ['line', 'table'] : ['table'];
  ways.push('table', 'heatMap');
  if (columns > 1) ways.push('line');
  return ways;
}

function wayText(way: Way): string {
  switch (way) {
    case 'scalar':
      return l10n.t('number');
    case 'line':
      return l10n.t('line');
    case 'table':
      return l10n.t('table');
    case 'heatMap':
      return l10n.t('heat map');
    case 'images':
      return l10n.t('pictures');
  }
}

function factsOf({ name, shape, dtype, summary }: TensorDisplay): TemplateResult {
  const facts = [`[${shape.join(', ')}] ${dtype}`, ...summaryTexts(summary)];
  return html`${name === undefined ? nothing : html`<strong>${name}</strong> `}${facts.map(
    (fact) => html`<span class="number">${fact}</span> `,
  )}`;
}

export function summaryTexts({ min, max, mean, deviation, nan, infinite }: Summary): string[] {
  return [
    ...(min === null || max === null ? [] : [l10n.t('from {0} to {1}', short(min), short(max))]),
    ...(mean === null || deviation === null ? [] : [l10n.t('mean {0} ± {1}', short(mean), short(deviation))]),
    ...(nan === 0 ? [] : [l10n.t('{0} × NaN', count(nan))]),
    ...(infinite === 0 ? [] : [l10n.t('{0} × infinite', count(infinite))]),
  ];
}

function rowsOf(page: TensorPage, columns: number, values: Float32Array): Float32Array[] {
  return Array.from({ length: page.rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
}

function numberText(value: number, dtype: string): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  if (dtype === 'bool') return value === 0 ? 'false' : 'true';
  return Number.isInteger(value) ? String(value) : figure(value);
}

function tableOf(
  { columns, columnsInAll, dtype, shape }: TensorDisplay,
  page: TensorPage,
  values: Float32Array,
): TemplateResult {
  const shown = Math.min(columns, MOST_COLUMNS);
  const label = l10n.t('Values of a tensor of shape [{0}]', shape.join(', '));
  const places = Array.from({ length: shown }, (_, place) => place);
  const text = (row: number, place: number): string =>
    page.texts?.[row * columns + place] ?? numberText(values[row * columns + place] ?? NaN, dtype);
  return html`<div class="scroller" tabindex="0" role="region" aria-label=${label}>
      <table class="grid">
        ${
          columns === 1
            ? nothing
            : html`<thead>
                <tr>
                  <th class="place"></th>
                  ${places.map((place) => html`<th scope="col" class="place number">${place}</th>`)}
                </tr>
              </thead>`
        }
        <tbody>
          ${Array.from(
            { length: page.rows },
            (_, row) =>
              html`<tr>
                <th scope="row" class="place number">${page.from + row}</th>
                ${places.map((place) => html`<td class="number">${text(row, place)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${shown < columnsInAll ? html`<p class="quiet">${l10n.t('The first {0} of {1} columns', count(shown), count(columnsInAll))}</p>` : nothing}`;
}

function heatMapOf(
  { columns, summary, shape }: TensorDisplay,
  page: TensorPage,
  values: Float32Array,
  theme: Theme,
): TemplateResult {
  const paint = (canvas: HTMLCanvasElement): void => {
    paintHeat(canvas, values, page.rows, columns, summary, theme);
  };
  const label = l10n.t('Heat map of shape [{0}], {1}', shape.join(', '), summaryTexts(summary).join(', '));
  return html`<canvas class="heat" role="img" aria-label=${label} ${painted(paint, values, theme)}></canvas>`;
}

function imagesOf({ image, columns, summary }: TensorDisplay, page: TensorPage, values: Float32Array): TemplateResult {
  if (image === undefined) return html``;
  return html`<ul class="pictures">
    ${rowsOf(page, columns, values).map((pixels, index) => {
      const paint = (canvas: HTMLCanvasElement): void => {
        paintPicture(canvas, pixels, image, summary);
      };
      const label = l10n.t('Picture {0}', page.from + index);
      return html`<li>
        <canvas class="picture" role="img" aria-label=${label} title=${label} ${painted(paint, values)}></canvas>
      </li>`;
    })}
  </ul>`;
}
