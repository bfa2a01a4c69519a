/** Tokenizers that cut a text into pieces and look each up in a list: words, characters. */
import { checkInteger, checkKnown, checkObject } from '../check';
import {
  checkText,
  checkTexts,
  checkToken,
  frequencies,
  PADDING,
  UNKNOWN,
  type Tokenizer,
  type TokenizerPlan,
} from './tokenizer';

export interface VocabularyOptions {
  /** Most tokens, the most frequent ones, at least 3: 0 is padding, 1 stands for all that is not among them. */
  readonly size: number;
}

/** Parts that English writes together and that mean two things: do·n't, it·'s. */
const WORD = /\p{L}+(?=n['’]t(?!\p{L}))|n['’]t(?!\p{L})|['’](?:s|m|d|ll|re|ve)(?!\p{L})|[\p{L}\p{M}\p{N}]+|[^\s]/giu;

/**
 * Words in lower case, numbers and single punctuation marks. Spaces are lost, and so is what is not in the vocabulary.
 *
 *   tokenizers.words({ size: 3_000 }).train(texts).tokens("It doesn't work!")   // it, does, n't, work, !
 *
 * @throws LabError EXPERIMENT_INVALID
 */
export function words(options: VocabularyOptions): TokenizerPlan {
  const split = (text: string): string[] => text.toLowerCase().replaceAll('’', "'").match(WORD) ?? [];
  return plan('words', options, { split, between: ' ' });
}

/**
 * Single characters, as Unicode counts them. What is not in the vocabulary is lost.
 * @throws LabError EXPERIMENT_INVALID
 */
export function characters(options: VocabularyOptions): TokenizerPlan {
  return plan('characters', options, { split: (text) => Array.from(text), between: '' });
}

interface Cut {
  readonly split: (text: string) => string[];
  readonly between: string;
}

function plan(name: 'words' | 'characters', options: unknown, cut: Cut): TokenizerPlan {
  const owner = `tokenizers.${name}`;
  const given = checkObject(owner, options);
  checkKnown(owner, given, ['size']);
  const size = checkInteger(`${owner}: size`, given['size'], { min: 3 });
  return Object.freeze({
    name,
    size,
    train: (texts: readonly string[]) => {
      const pieces = checkTexts(owner, texts).flatMap(cut.split);
      const known = frequencies(pieces)
        .slice(0, size - 2)
        .map(([piece]) => piece);
      return tokenizer(name, ['<pad>', '<unk>', ...known], cut);
    },
  });
}

function tokenizer(name: string, vocabulary: readonly string[], { split, between }: Cut): Tokenizer {
  const owner = `tokenizers.${name}`;
  const numbers = new Map(vocabulary.map((piece, id) => [piece, id]));
  // What a text itself calls <pad> is a piece like any other, and unknown.
  for (const id of [PADDING, UNKNOWN]) numbers.delete(vocabulary[id] ?? '');
  return Object.freeze({
    name,
    vocabulary: Object.freeze([...vocabulary]),
    encode: (text: string) => Int32Array.from(split(checkText(owner, text)), (piece) => numbers.get(piece) ?? UNKNOWN),
    tokens: (text: string) => split(checkText(owner, text)),
    decode: (ids: ArrayLike<number>) =>
      Array.from(ids)
        .filter((id) => {
          checkToken(owner, id, vocabulary.length);
          return id !== PADDING;
        })
        .map((id) => (id === UNKNOWN ? '\u{FFFD}' : (vocabulary[id] ?? '')))
        .join(between),
  });
}
