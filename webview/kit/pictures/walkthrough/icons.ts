/** The arrows of the walk's buttons. Drawn, so that the kit needs no font. */
import { html, type TemplateResult } from 'lit-html';

const PATHS = {
  first: 'M3.5 3v10M13 3.5 6 8l7 4.5z',
  back: 'M10.5 3.5 6 8l4.5 4.5',
  next: 'M5.5 3.5 10 8l-4.5 4.5',
  last: 'M12.5 3v10M3 3.5 10 8l-7 4.5z',
} as const;

export type Arrow = keyof typeof PATHS;

export function arrow(name: Arrow): TemplateResult {
  return html`<svg class="arrow" viewBox="0 0 16 16" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
