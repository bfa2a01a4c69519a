/** Before the first run: what this is and what to do. */
import * as l10n from '@vscode/l10n';
import { html, nothing } from 'lit-html';
import { icon } from '../icon';
import { button } from '../toolkit';
import type { Post } from '../vscodeApi';
import type { View } from './view';

export function emptyState(post: Post): View {
  const icons = { runLesson: 'play', chat: 'comment-discussion', openLesson: 'book', openModel: 'go-to-file' };
  const action = (text: string, command: keyof typeof icons, appearance: 'primary' | 'secondary'): unknown =>
    button({
      text,
      icon: icons[command],
      appearance,
      onClick: () => {
        post({ type: 'command', command });
      },
    });
  return {
    render: ({ store: { begun, foreground, lesson } }) => {
      if (!begun || foreground !== undefined) return nothing;
      const text = l10n.t(
        'Run a lesson: its model trains with TensorFlow on this machine, and loss and accuracy are drawn here as it learns.',
      );
      return html`<div class="empty">
        ${icon('graph-line')}
        <h1>${lesson?.title ?? l10n.t('No run yet')}</h1>
        <p>${lesson?.summary ?? text}</p>
        <div class="empty-actions">
          ${action(l10n.t('Run Lesson'), 'runLesson', 'primary')}
          ${lesson?.hasChat === true ? action(l10n.t('Chat With the Model'), 'chat', 'secondary') : nothing}
          ${lesson === null ? nothing : action(l10n.t('Open Lesson'), 'openLesson', 'secondary')}
          ${lesson === null ? nothing : action(l10n.t('Open Model File'), 'openModel', 'secondary')}
        </div>
      </div>`;
    },
  };
}
