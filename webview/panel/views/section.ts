/** A part of the page that can be folded; whether it is, is remembered. */
import { html, type TemplateResult } from 'lit-html';
import type { Choices } from '../state';

export function section(id: string, title: string, choices: Choices, content: unknown): TemplateResult {
  const onToggle = (event: Event): void => {
    choices.collapse(id, !(event.currentTarget as HTMLDetailsElement).open);
  };
  return html`<details class="section" data-section=${id} ?open=${!choices.isCollapsed(id)} @toggle=${onToggle}>
    <summary><h2>${title}</h2></summary>
    <div class="section-body">${content}</div>
  </details>`;
}
