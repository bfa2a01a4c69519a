/** The values at the crosshair, as an element beside it. Screen readers get the same text from the slider's value. */
import * as l10n from '@vscode/l10n';
import { h } from '../dom/elements';
import type { LineLook } from './looks';
import { createSwatch } from './swatch';

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
  readonly element = h('div', { class: 'tooltip', 'aria-hidden': 'true', hidden: true });

  hide(): void {
    this.element.hidden = true;
  }

  /** `x` in pixels from the left of the plot, which is `width` wide. Stands beside the crosshair, else below the plot. */
  show(title: string, rows: readonly TooltipRow[], x: number, width: number): void {
    const number = (text: string): HTMLElement => h('span', { class: 'number', text });
    this.element.replaceChildren(
      h('div', { class: 'tooltip-title', text: title }),
      h('span'),
      h('span'),
      h('span', { class: 'quiet', text: l10n.t('train') }),
      h('span', { class: 'quiet', text: l10n.t('validation') }),
      ...rows.flatMap((row) => [
        createSwatch(...row.looks),
        h('span', { text: row.name }),
        number(row.train),
        number(row.validation),
      ]),
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
