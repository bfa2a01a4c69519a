import * as l10n from '@vscode/l10n';
import type { PictureData } from '../../protocol/pictures';

type Chat = Extract<PictureData, { readonly kind: 'conversation' }>;

export function describeConversation({ model, turns }: Chat): string {
  const last = turns.at(-1);
  const answer = last?.answers[0];
  if (last === undefined || answer === undefined) return l10n.t('Nothing has been said to {0} yet.', model);
  return l10n.t('You said "{0}". It answered: "{1}".', last.said.trim(), answer.text.trim());
}
