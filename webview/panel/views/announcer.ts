/** Tells a screen reader what changed, once: states and errors, never the running figures. */
import { h } from '../dom';
import { endSentence, stateLook } from '../text/states';
import type { Scene, View } from './view';

export class Announcer implements View {
  readonly element = h('div', { class: 'for-screen-reader', role: 'status', 'aria-live': 'polite' });
  #said = '';

  draw({ store }: Scene): void {
    const record = store.foreground?.run.record;
    const error = store.error ?? record?.end?.error;
    const parts = [
      ...(record === undefined ? [] : [stateLook(record.state).text, endSentence(record)]),
      ...(error === undefined ? [] : [error.message]),
    ].filter((part) => part !== '');
    const text = parts.join('. ').replaceAll('..', '.');
    if (text === this.#said) return;
    this.#said = text;
    this.element.textContent = text;
  }
}
