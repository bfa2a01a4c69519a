/** The values at the crosshair, as an element beside it. Screen readers get the same text from the slider's value. */
import * as l10n from '@vscode/l10n';
import { html, render } from 'lit-html';
import type { LineLook } from './looks';
import { swatch } from './swatch';

/** One run: its values at the crosshair, or an empty text. */
export interface TooltipRow {
  /** Of its curves, where they differ in colour of both. */
  readonly looks: readonly LineLook[];
  readonly name: string;
  readonly train: string;
  readonly validation: string;
}

/** Pixels between the crosshair and the tooltip. */
const GAP = 12;

export class Tooltip {
  readonly element = document.createElement('div');

  constructor() {
    this.element.className = 'tooltip';
    this.element.ariaHidden = 'true';
    this.element.hidden = true;
  }

  hide(): void {
    this.element.hidden = true;
  }

  /** `x` in pixels from the left of the plot, which is `width` wide. Stands beside the crosshair, else below the plot. */
  show(title: string, rows: readonly TooltipRow[], x: number, width: number): void {
    render(
      html`<div class="tooltip-title">${title}</div>
        <span></span><span></span> <span class="quiet">${l10n.t('train')}</span
        ><span class="quiet">${l10n.t('validation')}</span> ${rows.map(
          ({ looks, name, train, validation }) =>
            html`${swatch(...looks)}<span>${name}</span><span class="number">${train}</span
              ><span class="number">${validation}</span>`,
        )}`,
      this.element,
    );
    this.element.hidden = false;
    const own = this.element.offsetWidth;
    const right = x + GAP + own <= width;
    const left = x - GAP - own >= 0;
    this.element.classList.toggle('below', !right && !left);
    const place = right ? x + GAP : left ? x - GAP - own : Math.max(0, Math.min(width - own, x - own / 2));
    this.element.style.left = `${place}px`;
  }
}
