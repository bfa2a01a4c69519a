/** A part of the page that can be folded; whether it is, is remembered. */
import { h } from '../../kit/dom/elements';
import type { Choices } from '../state';

export function createSection(
  id: string,
  title: string,
  choices: Choices,
  ...content: readonly HTMLElement[]
): HTMLDetailsElement {
  const section = h(
    'details',
    { class: 'section', 'data-section': id },
    h('summary', {}, h('h2', { text: title })),
    h('div', { class: 'section-body' }, ...content),
  );
  section.open = !choices.state.collapsed.includes(id);
  section.addEventListener('toggle', () => {
    choices.collapse(id, !section.open);
  });
  return section;
}
