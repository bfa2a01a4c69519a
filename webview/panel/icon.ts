import { html, type TemplateResult } from 'lit-html';

/** A codicon, for the eye only. */
export function icon(name: string, more = ''): TemplateResult {
  return html`<span class="codicon codicon-${name} ${more}" aria-hidden="true"></span>`;
}
