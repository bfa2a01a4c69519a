/** What tokens look at: each head as a small picture, and for one head and one token how its attention is shared. */
import * as l10n from '@vscode/l10n';
import { html, nothing, render, type TemplateResult } from 'lit-html';
import type { Attention } from '../../../../src/protocol/textPictures';
import { shareText } from '../../../../src/words/shares';
import { tokenName, tokenText } from '../../../../src/words/tokens';
import { block } from '../../dom/block';
import { decodeBase64, sized } from '../../dom/canvas';
import { cssVariables, painted } from '../../dom/directives';
import { uniqueId } from '../../dom/ids';
import { mix, toCss } from '../../theme/color';
import type { Theme } from '../../theme/theme';
import type { PictureView } from '../picture';
import { whenText } from '../when';

/** CSS pixels of a head's picture. */
const SIDE = 64;
/** Of a row, in words. */
const MOST_NAMED = 4;

export class AttentionView implements PictureView<'attention'> {
  readonly element = block('stack');
  readonly #heads = uniqueId('heads');
  #layer = 0;
  #head = 0;
  /** Undefined: the last one. */
  #token: number | undefined;
  #data: Attention | undefined;
  #theme: Theme | undefined;

  draw(data: Attention, theme: Theme): void {
    if (data.tokens.length !== this.#data?.tokens.length) this.#token = undefined;
    this.#data = data;
    this.#theme = theme;
    this.#render();
  }

  #render(): void {
    const data = this.#data;
    const theme = this.#theme;
    if (data === undefined || theme === undefined) return;
    const layer = data.layers[this.#layer] ?? data.layers[0];
    const shares =
      layer === undefined ? new Uint8Array() : headOf(layer, Math.min(this.#head, layer.heads - 1), data.tokens.length);
    const at = Math.min(this.#token ?? Infinity, data.tokens.length - 1);
    render(
      html`<p>${data.summary}</p>
        <div class="heads" role="radiogroup" aria-label=${l10n.t('Heads')}>
          ${data.layers.map((one, index) => this.#row(one, index, data, theme))}
        </div>
        <p class="quiet">
          ${l10n.t('Point at a token, or go from token to token with the arrow keys: the stronger the colour, the more it looks there.')}
        </p>
        ${this.#tokens(data, shares, at)}
        <p class="attended" aria-hidden="true">${rowText(data.tokens, shares, at)}</p>
        ${data.step === 0 ? nothing : html`<p class="quiet number">${whenText(data)}</p>`}`,
      this.element,
    );
  }

  #row(
    { heads, weights }: Attention['layers'][number],
    layer: number,
    { tokens }: Attention,
    theme: Theme,
  ): TemplateResult {
    return html`<div class="heads-row">
      <span class="quiet number" aria-hidden="true">${l10n.t('Layer {0}', layer + 1)}</span>
      ${Array.from({ length: heads }, (_, head) => {
        const choose = (): void => {
          [this.#layer, this.#head] = [layer, head];
          this.#render();
        };
        const label = l10n.t('Layer {0}, head {1}', layer + 1, head + 1);
        const paint = (canvas: HTMLCanvasElement): void => {
          paintHead(canvas, headOf({ heads, weights }, head, tokens.length), tokens.length, theme);
        };
        return html`<label class="head" title=${label}>
          <input
            type="radio"
            name=${this.#heads}
            aria-label=${label}
            .checked=${this.#layer === layer && this.#head === head}
            @change=${choose}
          />
          <canvas aria-hidden="true" ${painted(paint, weights, theme)}></canvas>
        </label>`;
      })}
    </div>`;
  }

  /** One of them takes part in the order of tabs; arrow keys lead on. */
  #tokens({ tokens }: Attention, shares: Uint8Array, at: number): TemplateResult {
    const look = (token: number): void => {
      if (token === this.#token) return;
      this.#token = token;
      this.#render();
    };
    const onKey = (event: KeyboardEvent): void => {
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tokens.length - 1 }[event.key];
      const list = event.currentTarget as HTMLElement;
      const button = to === undefined ? undefined : list.querySelectorAll<HTMLElement>('button')[to];
      if (button === undefined) return;
      event.preventDefault();
      button.focus();
    };
    return html`<div class="attending" role="group" aria-label=${l10n.t('Tokens')} @keydown=${onKey}>
      ${tokens.map((token, index) => {
        const share = (shares[at * tokens.length + index] ?? 0) / 255;
        return html`<button
          type="button"
          class="token attended-token"
          tabindex=${index === at ? 0 : -1}
          aria-current=${index === at}
          aria-label=${rowText(tokens, shares, index)}
          ${cssVariables({ '--share': share.toFixed(3) })}
          @mouseenter=${() => {
            look(index);
          }}
          @focus=${() => {
            look(index);
          }}
          .textContent=${tokenText(token)}
        ></button>`;
      })}
    </div>`;
  }
}

/** [tokens, tokens], bytes. */
function headOf({ heads, weights }: Attention['layers'][number], head: number, tokens: number): Uint8Array {
  const all = decodeBase64(weights);
  const size = all.length / heads;
  return size === tokens * tokens ? all.subarray(head * size, (head + 1) * size) : new Uint8Array(tokens * tokens);
}

/** "e looks at: space 52%, e 31%" */
function rowText(tokens: readonly string[], shares: Uint8Array, at: number): string {
  const row = tokens.map((token, index) => ({ token, index, share: (shares[at * tokens.length + index] ?? 0) / 255 }));
  const most = row.filter(({ share }) => share >= 0.01).sort((a, b) => b.share - a.share);
  const named = most
    .slice(0, MOST_NAMED)
    .map(({ token, index, share }) =>
      index === at
        ? l10n.t('itself {0}', shareText(share))
        : l10n.t('{0} ({1} back) {2}', tokenName(token), at - index, shareText(share)),
    );
  return l10n.t('{0} looks at: {1}', tokenName(tokens[at] ?? ''), named.join(', '));
}

/** Row by row what each token looks at; roots, so that small shares are seen, too. */
function paintHead(canvas: HTMLCanvasElement, shares: Uint8Array, tokens: number, theme: Theme): void {
  const context = sized(canvas, SIDE, SIDE);
  const cell = SIDE / tokens;
  const full = theme.series[0] ?? theme.foreground;
  context.fillStyle = toCss(mix(theme.foreground, theme.background, 0.06));
  context.fillRect(0, 0, SIDE, SIDE);
  shares.forEach((share, place) => {
    if (share === 0) return;
    context.fillStyle = toCss(mix(full, theme.background, Math.sqrt(share / 255)));
    context.fillRect((place % tokens) * cell, Math.floor(place / tokens) * cell, cell, cell);
  });
}
