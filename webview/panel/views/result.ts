/** After the end: how and why, the final figures, and what can be done next. */
import * as l10n from '@vscode/l10n';
import { referenceName, seriesParts, validationName, type RunRecord } from '../../../src/protocol/run';
import { h, setHidden } from '../../kit/dom/elements';
import { figure } from '../../kit/text/format';
import { canResume, endSentence } from '../../kit/text/states';
import { createButton } from '../toolkit';
import type { Post } from '../vscodeApi';
import type { Scene, View } from './view';

export class Result implements View {
  readonly #sentence = h('p', { class: 'result-sentence' });
  readonly #note = h('p', { class: 'quiet' });
  readonly #figures = h('table', { class: 'figures' });
  readonly #resume: HTMLElement;
  readonly element: HTMLElement;
  #drawn = '';

  constructor(post: Post) {
    this.#resume = createButton({
      text: l10n.t('Resume From Last Checkpoint'),
      icon: 'debug-continue',
      appearance: 'secondary',
      onClick: () => {
        post({ type: 'command', command: 'resumeFromCheckpoint' });
      },
    }).element;
    this.element = h(
      'section',
      { class: 'card result', hidden: true, 'aria-label': l10n.t('Result') },
      h('div', { class: 'result-text' }, this.#sentence, this.#note, this.#resume),
      this.#figures,
    );
  }

  draw({ store }: Scene): void {
    const record = store.foreground?.run.record;
    // Of a run that failed before its first step the error card says all there is.
    const shown = record?.end !== undefined && !(record.end.error !== undefined && record.progress.step === 0);
    setHidden(this.element, !shown);
    if (record?.end === undefined) return;
    const key = JSON.stringify([record.id, record.end, record.latest, record.checkpoints.length]);
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.#sentence.textContent = endSentence(record);
    this.#note.textContent = record.end.unattended ? l10n.t('It ended while no window was open.') : '';
    setHidden(this.#note, !record.end.unattended);
    setHidden(this.#resume, !canResume(record));
    this.#figures.replaceChildren(...figureRows(record));
    setHidden(this.#figures, Object.keys(record.latest).length === 0);
  }
}

/** One row a metric, train and validation beside each other; then the same of the model to compare with. */
function figureRows({ latest, config, referenceEnd }: RunRecord): HTMLElement[] {
  const names = [...new Set(Object.keys(latest).map((name) => seriesParts(name).metric))];
  const value = (name: string): string => {
    const number = latest[name];
    return number === undefined ? '–' : figure(number);
  };
  const validated = names.some((name) => validationName(name) in latest);
  const head = h('tr', {}, h('td'), h('th', { scope: 'col', text: l10n.t('train') }));
  if (validated) head.append(h('th', { scope: 'col', text: l10n.t('validation') }));
  const reference = referenceEnd === undefined ? config?.reference?.label : undefined;
  const shown = [
    ...names.map((name) => ({ name, title: name })),
    ...(reference === undefined
      ? []
      : names.map((name) => ({ name: referenceName(name), title: `${name} · ${reference}` }))),
  ];
  const rows = shown.map(({ name, title }) => {
    const row = h('tr', {}, h('th', { scope: 'row', text: title }), h('td', { class: 'number', text: value(name) }));
    if (validated) row.append(h('td', { class: 'number', text: value(validationName(name)) }));
    return row;
  });
  return [h('thead', {}, head), h('tbody', {}, ...rows)];
}
