/** Words that learners type, as a tokenizer has them. */
import { PADDING, UNKNOWN, type Tokenizer } from '../../lab/tokenizers/tokenizer';

/** Neither padding nor what stands for whatever is unknown. */
export function isWord(vocabulary: readonly string[], id: number): boolean {
  return id !== PADDING && !(id === UNKNOWN && vocabulary[id] === '<unk>');
}

/**
 * The token's number: of a token as it is shown, or of a text that is one token, by itself or behind a space. Undefined
 * where it is none.
 * @throws LabError TEXT_ENCODING, and what else the tokenizer refuses
 */
export function tokenOf(tokenizer: Tokenizer, word: string): number | undefined {
  const { vocabulary } = tokenizer;
  const shown = vocabulary.indexOf(word);
  if (shown >= 0 && isWord(vocabulary, shown)) return shown;
  for (const text of [word, ` ${word}`]) {
    const [id, ...more] = tokenizer.encode(text);
    if (id !== undefined && more.length === 0 && isWord(vocabulary, id)) return id;
  }
  return undefined;
}
