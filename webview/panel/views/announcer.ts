/** Tells a screen reader what changed, once: states, errors and a lost connection, never the running figures. */
import { h } from '../../kit/dom/elements';
import { endSentence, stateLook } from '../../kit/text/states';
import { connectionNotice } from './notices';
import type { Scene, View } from './view';

export class Announcer implements View {
  readonly element = h('div', { class: 'for-screen-reader', role: 'status', 'aria-live': 'polite' });
  #said = '';

  draw({ store }: Scene): void {
    const record = store.foreground?.run.record;
    const error = store.error ?? record?.end?.error;
    const text = sentences([
      ...(record === undefined ? [] : [stateLook(record.state).text, endSentence(record)]),
      connectionNotice(store),
      error?.message ?? '',
    ]);
    if (text === this.#said) return;
    this.#said = text;
    this.element.textContent = text;
  }
}

/** One after the other, with a full stop between where there is none. */
function sentences(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .reduce((text, part) => (text === '' ? part : `${text}${/[.…!?。！？]$/.test(text) ? '' : '.'} ${part}`), '');
}
