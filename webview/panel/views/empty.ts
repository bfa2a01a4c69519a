/** Before the first run: what this is and what to do. */
import * as l10n from '@vscode/l10n';
import { h, icon, setHidden, setText } from '../../kit/dom/elements';
import { createButton } from '../toolkit';
import type { Post } from '../vscodeApi';
import type { Scene, View } from './view';

export class EmptyState implements View {
  readonly #title = h('h1');
  readonly #text = h('p');
  readonly #open: HTMLElement;
  readonly element: HTMLElement;

  constructor(post: Post) {
    const button = (text: string, command: 'runLesson' | 'openModel', primary: boolean): HTMLElement =>
      createButton({
        text,
        icon: primary ? 'play' : 'go-to-file',
        appearance: primary ? 'primary' : 'secondary',
        onClick: () => {
          post({ type: 'command', command });
        },
      }).element;
    this.#open = button(l10n.t('Open Model File'), 'openModel', false);
    this.element = h(
      'div',
      { class: 'empty', hidden: true },
      icon('graph-line'),
      this.#title,
      this.#text,
      h('div', { class: 'empty-actions' }, button(l10n.t('Run Lesson'), 'runLesson', true), this.#open),
    );
  }

  draw({ store }: Scene): void {
    setHidden(this.element, !store.begun || store.foreground !== undefined);
    const lesson = store.lesson;
    setHidden(this.#open, lesson === null);
    setText(this.#title, lesson?.title ?? l10n.t('No run yet'));
    setText(
      this.#text,
      lesson?.summary ??
        l10n.t(
          'Run a lesson: its model trains with TensorFlow on this machine, and loss and accuracy are drawn here as it learns.',
        ),
    );
  }
}
