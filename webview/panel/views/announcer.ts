/** Tells a screen reader what changed, once: states, errors and a lost connection, never the running figures. */
import { html } from 'lit-html';
import { stateLook } from '../../kit/text/states';
import { endSentence } from '../../../src/words/runs';
import type { PanelStore } from '../store';
import { connectionNotice } from './notices';
import type { View } from './view';

export const announcer: View = {
  render: ({ store }) =>
    html`<div class="for-screen-reader" role="status" aria-live="polite">${announcement(store)}</div>`,
};

function announcement(store: PanelStore): string {
  const record = store.foreground?.run.record;
  const error = store.error ?? record?.end?.error;
  return sentences([
    ...(record === undefined ? [] : [stateLook(record.state).text, endSentence(record)]),
    connectionNotice(store),
    error?.message ?? '',
  ]);
}

/** One after the other, with a full stop between where there is none. */
function sentences(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .reduce((text, part) => (text === '' ? part : `${text}${/[.…!?。！？]$/.test(text) ? '' : '.'} ${part}`), '');
}
