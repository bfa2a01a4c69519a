/** The values at the crosshair, as an element beside it. Screen readers get the same text from the slider's value. */
import { createSwatch } from './swatch';
import { h } from '../dom';
import type { LineLook } from './looks';

export interface TooltipRow {
  readonly look: LineLook;
  readonly label: string;
  readonly value: string;
}

export class Tooltip {
  readonly element = h('div', { class: 'tooltip', 'aria-hidden': 'true', hidden: true });

  hide(): void {
    this.element.hidden = true;
  }

  /** `x` in pixels from the left of the plot, which is `width` wide. */
  show(title: string, rows: readonly TooltipRow[], x: number, width: number): void {
    this.element.replaceChildren(
      h('div', { class: 'tooltip-title', text: title }),
      ...rows.map((row) =>
        h(
          'div',
          { class: 'tooltip-row' },
          createSwatch(row.look),
          h('span', { text: row.label }),
          h('span', { class: 'number', text: row.value }),
        ),
      ),
    );
    this.element.hidden = false;
    const gap = 12;
    const own = this.element.offsetWidth;
    const right = x + gap + own <= width;
    const left = right ? x + gap : Math.max(0, x - gap - own);
    this.element.style.left = `${left}px`;
  }
}
