/** What lies beside a word in the model's table of vectors, and a map of the frequent words. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { LabErrorData } from '../../../../src/protocol/errors';
import type { MappedWord, WordEmbedding } from '../../../../src/protocol/textPictures';
import { decimal } from '../../../../src/words/numbers';
import { shareText } from '../../../../src/words/shares';
import { tokenName, tokenText } from '../../../../src/words/tokens';
import { block } from '../../dom/block';
import { sized } from '../../dom/canvas';
import { cssVariables, painted } from '../../dom/directives';
import { uniqueId } from '../../dom/ids';
import type { Theme } from '../../theme/theme';
import { classLegend } from '../boundary/legend';
import type { Ask, PictureView } from '../picture';
import { whenText } from '../when';
import { HEIGHT, nearest, paintMap, place, WIDTH, type Placed } from './map';

export class EmbeddingView implements PictureView<'wordEmbedding'> {
  readonly element = block('stack embedding');
  readonly #ask: Ask | undefined;
  readonly #input = document.createElement('input');
  readonly #label = uniqueId('word');
  readonly #known = uniqueId('words');
  readonly #problem = uniqueId('problem');
  #data: WordEmbedding | undefined;
  #theme: Theme | undefined;
  #refused: LabErrorData | undefined;
  /** What was typed and is not drawn yet. */
  #typed: string | undefined;
  #words: readonly Placed[] = [];
  /** The word that is pointed at. */
  #at: string | undefined;

  constructor(ask?: Ask) {
    this.#ask = ask;
    this.#input.id = this.#label;
    this.#input.type = 'text';
    this.#input.spellcheck = false;
    this.#input.setAttribute('list', this.#known);
    this.#input.setAttribute('aria-describedby', this.#problem);
    this.#input.addEventListener('input', () => {
      this.#typed = this.#input.value;
    });
    this.#input.addEventListener('change', () => {
      this.#choose(this.#input.value);
    });
  }

  draw(data: WordEmbedding, theme: Theme, refused?: LabErrorData): void {
    const isAnother = data.word !== this.#data?.word;
    const isTyped = data.word.toLowerCase() === this.#typed?.toLowerCase();
    if (isAnother || isTyped) this.#typed = undefined;
    if (this.#typed === undefined) this.#input.value = data.word;
    // Pictures go on coming while it trains: why the word was refused stands until another one is asked for.
    if (refused !== undefined) this.#refused = refused;
    else if (isAnother) this.#refused = undefined;
    this.#data = data;
    this.#theme = theme;
    this.#words = place(data);
    this.#render();
  }

  #choose(word: string): void {
    this.#refused = undefined;
    if (word === this.#data?.word) {
      this.#typed = undefined;
      this.#input.value = word;
    } else {
      this.#typed = word;
      this.#input.value = word;
      this.#ask?.({ kind: 'wordEmbedding', word });
    }
    this.#render();
  }

  #render(): void {
    const [data, theme] = [this.#data, this.#theme];
    if (data === undefined || theme === undefined) return;
    const { summary, classes, table, map } = data;
    render(
      html`<p>${summary}</p>
        <div class="embedding-parts">
          <div class="stack embedding-neighbours">
            ${this.#ask === undefined ? nothing : this.#field(map)}
            <h3>${l10n.t('Nearest to "{0}"', tokenText(data.word))}</h3>
            ${this.#neighbours(data)}
          </div>
          <div class="stack embedding-map">
            <h3>${l10n.t('Map of frequent words')}</h3>
            ${this.#map(data, theme)}
            ${
              classes.length === 0
                ? nothing
                : html`<p class="quiet">
                      ${l10n.t('Colour and shape: what the model says of a text of this word alone. The paler, the less sure.')}
                    </p>
                    ${classLegend(classes, theme)}`
            }
            ${this.#table(data)}
          </div>
        </div>
        <p class="quiet number">${whenText(data)} · ${l10n.t('table "{0}"', table.name)}</p>`,
      this.element,
    );
  }

  #field(map: readonly MappedWord[]): TemplateResult {
    const refused = this.#refused;
    return html`<div class="embedding-word">
      <label for=${this.#label}>${l10n.t('Word')}</label>
      ${this.#input}
      <datalist id=${this.#known}>${map.map(({ token }) => html`<option value=${token}></option>`)}</datalist>
      <p id=${this.#problem} class="problem" role="alert" ?hidden=${refused === undefined}>
        ${refused === undefined ? nothing : `${refused.message} ${refused.remedy ?? ''}`}
      </p>
    </div>`;
  }

  #neighbours({ neighbours }: WordEmbedding): TemplateResult {
    const isKept = neighbours.some(({ before }) => before !== undefined);
    return html`<table class="next-tokens near-words">
      <thead>
        <tr>
          <th scope="col">${l10n.t('word')}</th>
          <th scope="col">${l10n.t('cosine')}</th>
          ${isKept ? html`<th scope="col">${l10n.t('before training')}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${neighbours.map(
          ({ token, cosine, before }) =>
            html`<tr>
              <th scope="row">${this.#word(token)}</th>
              <td class="drawn">
                <span
                  class="share-bar"
                  ${cssVariables({ '--share': String(Number.isFinite(cosine) ? Math.max(0, cosine) : 0) })}
                ></span
                ><span class="number">${figure(cosine)}</span>
              </td>
              ${isKept ? html`<td class="number">${figure(before)}</td>` : nothing}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  /** A word that can be asked for. */
  #word(token: string): TemplateResult {
    const shown = html`<span class="token" aria-label=${tokenName(token)}>${tokenText(token)}</span>`;
    if (this.#ask === undefined) return shown;
    return html`<button
      type="button"
      class="link-button"
      title=${l10n.t('Show the neighbours of "{0}"', tokenText(token))}
      @mouseenter=${() => {
        this.#point(token);
      }}
      @focus=${() => {
        this.#point(token);
      }}
      @click=${() => {
        this.#choose(token);
      }}
    >
      ${shown}
    </button>`;
  }

  #point(token: string | undefined): void {
    if (token === this.#at) return;
    this.#at = token;
    this.#render();
  }

  #map(data: WordEmbedding, theme: Theme): TemplateResult {
    const words = this.#words;
    // From left to right, which is the order of the arrow keys.
    const order = [...words].sort((a, b) => a.left - b.left);
    const at = words.find(({ token }) => token === this.#at);
    const current = at ?? words.find(({ role }) => role === 'word') ?? order[0];
    const index = current === undefined ? 0 : order.indexOf(current);
    const paint = (canvas: HTMLCanvasElement): void => {
      paintMap(sized(canvas, WIDTH, HEIGHT), words, data, theme, at);
    };
    const found = (event: PointerEvent | MouseEvent): string | undefined => {
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * WIDTH;
      const y = ((event.clientY - box.top) / box.height) * HEIGHT;
      const one = nearest(words, x, y);
      return one === undefined ? undefined : words[one]?.token;
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && current !== undefined) {
        this.#choose(current.token);
        return;
      }
      const to = {
        ArrowRight: index + 1,
        ArrowUp: index + 1,
        ArrowLeft: index - 1,
        ArrowDown: index - 1,
        Home: 0,
        End: order.length - 1,
      }[event.key];
      const next = to === undefined ? undefined : order[to];
      if (next === undefined) return;
      event.preventDefault();
      this.#point(next.token);
    };
    return html`<canvas
        class="embedding-canvas"
        role="slider"
        tabindex="0"
        aria-label=${l10n.t('Map of frequent words')}
        aria-valuemin="1"
        aria-valuemax=${order.length}
        aria-valuenow=${index + 1}
        aria-valuetext=${current === undefined ? '' : wordText(current, data.classes)}
        @pointermove=${(event: PointerEvent) => {
          this.#point(found(event));
        }}
        @pointerleave=${() => {
          this.#point(undefined);
        }}
        @click=${(event: MouseEvent) => {
          const token = found(event);
          if (token !== undefined && this.#ask !== undefined) this.#choose(token);
        }}
        @keydown=${onKey}
        ${painted(paint, data, theme, at)}
      ></canvas>
      <p class="attended" aria-hidden="true">
        ${at === undefined ? l10n.t('Point at a word, or go from word to word with the arrow keys.') : wordText(at, data.classes)}
      </p>`;
  }

  #table({ map, classes }: WordEmbedding): TemplateResult {
    return html`<details>
      <summary class="quiet">${l10n.t('All words of the map')}</summary>
      <table class="figures word-figures">
        <thead>
          <tr>
            <th scope="col">${l10n.t('word')}</th>
            ${classes.length === 0 ? nothing : html`<th scope="col">${l10n.t('alone it says')}</th>`}
            <th scope="col">x</th>
            <th scope="col">y</th>
          </tr>
        </thead>
        <tbody>
          ${map.map(
            ({ token, says, x, y }) =>
              html`<tr>
                <th scope="row">${this.#word(token)}</th>
                ${
                  classes.length === 0
                    ? nothing
                    : html`<td>
                        ${says === undefined ? '–' : `${classes[says.class] ?? ''} ${shareText(says.probability)}`}
                      </td>`
                }
                <td class="number">${figure(x)}</td>
                <td class="number">${figure(y)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>`;
  }
}

const figure = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? '–' : decimal(value, 2, 2);

/** "terrible: negative 97%" */
function wordText({ token, says }: MappedWord, classes: readonly string[]): string {
  const name = tokenName(token);
  if (says === undefined) return name;
  return l10n.t('{0}: {1} {2}', name, classes[says.class] ?? String(says.class), shareText(says.probability));
}
