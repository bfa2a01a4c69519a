/** Where learners ask for pictures with settings of their own: of a model that trains, waits, or is still in memory. */
import * as l10n from '@vscode/l10n';
import { textEmpty } from '../../lab/datasets/errors';
import type { Tokenizer } from '../../lab/tokenizers/tokenizer';
import type { PictureMaker } from '../../learning/pictures/maker';
import { tokenOf } from '../../learning/pictures/vocabulary';
import type { Training } from '../../learning/training/training';
import { LabError } from '../../protocol/errors';
import type { PictureSettings } from '../../protocol/textPictures';
import { pictureGone } from '../../words/pictures/gone';
import { checkChat } from '../chat/check';
import { withModelErrors, type Origin } from '../modelFile/errors';
import { checkSampling, checkSetting } from '../wording/sampling';

interface Looked {
  readonly training: Training;
  readonly makers: readonly PictureMaker[];
  readonly tokenizer: Tokenizer | undefined;
}

export class PictureDesk {
  /** Where the learner's code is from, whose errors a drawing may meet. */
  origin: Origin | undefined;
  private looked: Looked | undefined;
  /** The training is nobody's but ours. */
  private isOwn = false;

  open(training: Training, makers: readonly PictureMaker[], tokenizer: Tokenizer | undefined): void {
    this.looked = { training, makers, tokenizer };
  }

  /** The training has ended. @returns true: somebody may still look, and `release` disposes it */
  keep(): boolean {
    this.isOwn = this.looked?.makers.some(({ set }) => set !== undefined) === true;
    return this.isOwn;
  }

  release(): void {
    for (const maker of this.looked?.makers ?? []) maker.dispose?.();
    if (this.isOwn) this.looked?.training.dispose();
    this.looked = undefined;
    this.isOwn = false;
  }

  /** @throws LabError PICTURE_GONE, PICTURE_SETTING, PICTURE_WORD, TEXT_EMPTY, CHAT_BUSY, CHAT_TOO_LONG, what the tokenizer and the learner's code throw */
  async set(settings: PictureSettings): Promise<void> {
    const { looked, origin } = this;
    if (looked === undefined || looked.training.isDisposed || origin === undefined) throw pictureGone();
    check(settings, looked.tokenizer);
    await withModelErrors(origin, async () => {
      for (const maker of looked.makers) await maker.set?.(settings);
    });
  }
}

function check(settings: PictureSettings, tokenizer: Tokenizer | undefined): void {
  if (settings.kind === 'conversation') {
    checkChat(settings);
    return;
  }
  if (settings.kind === 'wordEmbedding') {
    if (tokenizer !== undefined) checkWord(settings.word, tokenizer);
    return;
  }
  const { prompt, topK } = settings;
  checkSampling(settings);
  checkSetting('topK', topK, Number.isInteger(topK) && topK >= 1, '1, 2, 3 …');
  if (tokenizer?.encode(prompt).length === 0)
    throw textEmpty(l10n.t('prompt'), prompt, l10n.t('Type at least one token.'));
}

function checkWord(word: string, tokenizer: Tokenizer): void {
  if (tokenizer.encode(word).length === 0) throw textEmpty(l10n.t('word'), word, l10n.t('Type at least one token.'));
  if (tokenOf(tokenizer, word) !== undefined) return;
  const pieces = tokenizer.tokens(word);
  throw new LabError({
    code: 'PICTURE_WORD',
    message:
      pieces.length > 1
        ? l10n.t('"{0}" is {1} tokens: {2}.', word, pieces.length, pieces.slice(0, 8).join(' │ '))
        : l10n.t('"{0}" is not in the vocabulary of {1} tokens.', word, tokenizer.vocabulary.length),
    expected: l10n.t('one token of the vocabulary'),
    found: word,
    remedy: l10n.t('Type another word, or choose one on the map.'),
  });
}
