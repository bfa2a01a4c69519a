/** What stands above the run: a lost connection, long work before the first step, an error. */
import * as l10n from '@vscode/l10n';
import { assertNever, type LabErrorData, type SourceLocation } from '../../../src/protocol/errors';
import { ACTIVE_STATES } from '../../../src/protocol/run';
import { h, icon, setAttribute, setClass, setHidden, setText } from '../../kit/dom/elements';
import { percent } from '../../kit/text/format';
import type { Connection, PanelStore } from '../store';
import { createButton } from '../toolkit';
import type { Post } from '../vscodeApi';
import type { Scene, View } from './view';

export class ConnectionBanner implements View {
  readonly #text = h('span');
  readonly element: HTMLElement;

  constructor(post: Post) {
    const log = createButton({
      text: l10n.t('Show Log'),
      appearance: 'secondary',
      onClick: () => {
        post({ type: 'command', command: 'showLog' });
      },
    });
    this.element = h('div', { class: 'banner', hidden: true }, icon('debug-disconnect'), this.#text, log.element);
  }

  draw({ store }: Scene): void {
    const notice = connectionNotice(store);
    setHidden(this.element, notice === '');
    setText(this.#text, notice);
  }
}

/** Why the run in the foreground cannot be reached; empty where it can, or has ended and needs no trainer. */
export function connectionNotice({ foreground, connection }: PanelStore): string {
  return foreground !== undefined && ACTIVE_STATES.has(foreground.run.record.state) ? connectionText(connection) : '';
}

function connectionText(connection: Connection): string {
  switch (connection) {
    case 'attached':
      return '';
    case 'starting':
      return l10n.t('Starting the training process …');
    case 'lost':
      return l10n.t(
        'The connection to the training process is lost. What came before is shown; the lab tries to attach again.',
      );
    default:
      return assertNever(connection);
  }
}

export class ActivityView implements View {
  readonly #text = h('span', { class: 'activity-text' });
  readonly #share = h('span', { class: 'number' });
  readonly #fill = h('div', { class: 'bar-fill' });
  readonly #bar = h('div', { class: 'bar', role: 'progressbar', 'aria-valuemin': 0, 'aria-valuemax': 100 }, this.#fill);
  readonly element = h(
    'div',
    { class: 'activity', hidden: true },
    h('div', { class: 'activity-line' }, this.#text, this.#share),
    this.#bar,
  );

  draw({ store }: Scene): void {
    const preparing = store.foreground?.run.record.state === 'preparing';
    const activity = store.activity;
    setHidden(this.element, !preparing && activity === undefined);
    const text = activity?.text ?? l10n.t('Reading the model file and building the model …');
    const fraction = activity?.fraction ?? null;
    setText(this.#text, text);
    setText(this.#share, fraction === null ? '' : percent(fraction));
    setAttribute(this.#bar, 'aria-label', text);
    setClass(this.#bar, fraction === null ? 'bar bar-unknown' : 'bar');
    this.#fill.style.transform = fraction === null ? '' : `scaleX(${fraction})`;
    setAttribute(this.#bar, 'aria-valuenow', fraction === null ? undefined : String(Math.round(fraction * 100)));
  }
}

export class ErrorCard implements View {
  readonly #post: Post;
  readonly element = h('div', { class: 'error-slot', hidden: true });
  #drawn: LabErrorData | undefined;

  constructor(post: Post) {
    this.#post = post;
  }

  draw({ store }: Scene): void {
    const error = store.error ?? store.foreground?.run.record.end?.error;
    // Records arrive as new objects: what counts is whether the error says something else.
    if (JSON.stringify(error) === JSON.stringify(this.#drawn)) return;
    this.#drawn = error;
    setHidden(this.element, error === undefined);
    this.element.replaceChildren(...(error === undefined ? [] : [this.#card(error)]));
  }

  #card(error: LabErrorData): HTMLElement {
    const card = h(
      'section',
      { class: 'card error-card', 'aria-label': l10n.t('Error') },
      h(
        'div',
        { class: 'error-head' },
        icon('error'),
        h('h2', { text: error.message }),
        h('code', { class: 'error-code', text: error.code }),
      ),
    );
    if (error.expected !== undefined || error.found !== undefined) {
      const list = h('dl', { class: 'error-values' });
      if (error.expected !== undefined) {
        list.append(h('dt', { text: l10n.t('Expected') }), h('dd', { text: error.expected }));
      }
      if (error.found !== undefined) list.append(h('dt', { text: l10n.t('Found') }), h('dd', { text: error.found }));
      card.append(list);
    }
    if (error.location !== undefined) card.append(h('p', {}, this.#link(error.location)));
    if (error.remedy !== undefined)
      card.append(h('p', { class: 'remedy' }, icon('lightbulb'), h('span', { text: error.remedy })));
    if (error.trace !== undefined && error.trace.length > 0) {
      const places = error.trace.map((place) => h('li', {}, this.#link(place)));
      card.append(
        h('details', {}, h('summary', { text: l10n.t('Called from') }), h('ul', { class: 'places' }, ...places)),
      );
    }
    if (error.details !== undefined && error.details !== '') {
      card.append(
        h('details', {}, h('summary', { text: l10n.t('Details') }), h('pre', { tabindex: 0, text: error.details })),
      );
    }
    return card;
  }

  #link(place: SourceLocation): HTMLElement {
    const name = place.file.split(/[\\/]/).pop() ?? place.file;
    const link = h('button', { class: 'link', type: 'button', title: place.file });
    link.textContent = l10n.t('{0}, line {1}, column {2}', name, place.line, place.column);
    link.addEventListener('click', () => {
      this.#post({ type: 'openLocation', file: place.file, line: place.line, column: place.column });
    });
    return link;
  }
}
