/** What is wrong with what a learner asks of a chat. */
import * as l10n from '@vscode/l10n';
import { textEmpty } from '../../lab/datasets/errors';
import { LabError } from '../../protocol/errors';
import type { ChatRequest } from '../../protocol/textPictures';
import { checkSampling } from '../wording/sampling';

/** @throws LabError PICTURE_SETTING, TEXT_EMPTY */
export function checkChat(request: ChatRequest): void {
  if (request.ask !== 'say') return;
  checkSampling(request);
  if (request.text.trim() === '') throw textEmpty(l10n.t('message'), request.text, l10n.t('Type something.'));
}

export function chatBusy(): LabError {
  return new LabError({
    code: 'CHAT_BUSY',
    message: l10n.t('It is still answering.'),
    remedy: l10n.t('Stop the answer, or wait until it ends.'),
  });
}

/** @param most tokens that leave room for an answer */
export function chatTooLong(tokens: number, most: number): LabError {
  return new LabError({
    code: 'CHAT_TOO_LONG',
    message: l10n.t('The conversation has {0} tokens: more than the model reads at once.', tokens),
    expected: l10n.t('at most {0} tokens', most),
    found: String(tokens),
    remedy: l10n.t('Begin a new conversation, or say it in fewer words.'),
  });
}

export function nothingSaid(): LabError {
  return new LabError({
    code: 'CHAT_EMPTY',
    message: l10n.t('Nothing has been said yet.'),
    remedy: l10n.t('Send a message first.'),
  });
}
