/** What a tokenizer is: text in pieces, each piece with a number. */
import * as l10n from '@vscode/l10n';
import { LabError } from '../../protocol/errors';
import { invalid } from '../check';

export interface Tokenizer {
  readonly name: string;
  /** Every token by its number, as it is shown. 0 is what pads a text that is too short. */
  readonly vocabulary: readonly string[];
  /**
   * The numbers of a text's tokens, int32 [tokens]; none for an empty text.
   * @throws LabError EXPERIMENT_INVALID for what is no text, TEXT_ENCODING for half a character
   */
  encode(text: string): Int32Array;
  /** The pieces that `encode` numbers, in the same order, as they stand in the text. */
  tokens(text: string): string[];
  /**
   * The text of these numbers; padding is left out.
   * @throws LabError TOKEN_UNKNOWN for a number that is none of the vocabulary
   */
  decode(ids: ArrayLike<number>): string;
}

/** A tokenizer before it has seen a text: what kind, and how many tokens at most. */
export interface TokenizerPlan {
  readonly name: string;
  /** Most numbers that it will give, padding among them: the rows of an embedding. */
  readonly size: number;
  /** Chooses the vocabulary by what is frequent in these texts. The same texts give the same. */
  train(texts: readonly string[]): Tokenizer;
}

export const PADDING = 0;
/** Words and characters that are not in the vocabulary. */
export const UNKNOWN = 1;

/** Texts must come from UTF-16 without halves of pairs: those would be another text when they are written. */
export function checkText(owner: string, text: unknown): string {
  if (typeof text !== 'string') throw invalid({ field: owner, expected: l10n.t('a text'), found: text });
  const half = /\p{Surrogate}/u.exec(text);
  if (half === null) return text;
  const found = l10n.t('U+{0} at {1}', half[0].charCodeAt(0).toString(16).toUpperCase(), half.index);
  throw new LabError({
    code: 'TEXT_ENCODING',
    message: l10n.t('{0}: the text holds half of a character: {1}.', owner, found),
    expected: l10n.t('whole characters'),
    found,
    remedy: l10n.t('Cut texts between characters, e.g. with [...text], not with text.slice(…).'),
  });
}

/** What a vocabulary is chosen by. @throws LabError EXPERIMENT_INVALID, TEXT_ENCODING */
export function checkTexts(owner: string, texts: unknown): readonly string[] {
  if (!Array.isArray(texts)) throw invalid({ field: owner, expected: l10n.t('a list of texts'), found: texts });
  return (texts as unknown[]).map((text) => checkText(owner, text));
}

/** @throws LabError TOKEN_UNKNOWN */
export function checkToken(owner: string, id: number, size: number): void {
  if (Number.isInteger(id) && id >= 0 && id < size) return;
  throw new LabError({
    code: 'TOKEN_UNKNOWN',
    message: l10n.t('{0}: {1} is none of the {2} tokens.', owner, String(id), size),
    expected: l10n.t('a whole number from {0} to {1}', 0, size - 1),
    found: String(id),
    remedy: l10n.t('Decode with the tokenizer that encoded the text.'),
  });
}

/**
 * Numbers of tokens in a row of this length, 0 behind them.
 * @throws LabError TEXT_TOO_LONG
 */
export function pad(ids: ArrayLike<number>, length: number): Int32Array {
  return padded(ids, length, 0, l10n.t('The text'));
}

/**
 * The same with 0 before them.
 * @param text what it is, for the error: "Line 7"
 * @throws LabError TEXT_TOO_LONG
 */
export function padBefore(ids: ArrayLike<number>, length: number, text: string): Int32Array {
  return padded(ids, length, length - ids.length, text);
}

function padded(ids: ArrayLike<number>, length: number, from: number, text: string): Int32Array {
  if (ids.length > length) {
    throw new LabError({
      code: 'TEXT_TOO_LONG',
      message: l10n.t('{0} has {1} tokens, and there is room for {2}.', text, ids.length, length),
      expected: l10n.t('at most {0} tokens', length),
      found: l10n.t('{0} tokens', ids.length),
      remedy: l10n.t('Shorten the text, or give the model a larger length.'),
    });
  }
  const row = new Int32Array(length);
  row.set(ids, from);
  return row;
}

/** How often each piece occurs, the most frequent first; where it is as often, by its code points. */
export function frequencies(pieces: Iterable<string>): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const piece of pieces) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
