/** What GPT-2's byte pair encoding takes for granted (Radford et al., 2019): where a text is cut, and its order of bytes. */

/** Words with the space before them, numbers, punctuation, further space: merges stay within each. */
const WORDS =
  /'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** The pieces of a text, one behind the other. */
export const cutWords = (text: string): string[] => text.match(WORDS) ?? [];

const isSeen = (byte: number): boolean => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);

/** All bytes, those first that are characters which can be seen: of two pairs as frequent, which is merged depends on it. */
export const BYTE_ORDER: readonly number[] = [...Array(256).keys()].sort(
  (a, b) => Number(!isSeen(a)) - Number(!isSeen(b)) || a - b,
);

const seen = BYTE_ORDER.filter(isSeen).length;

/** The character that stands for each byte: itself where it can be seen, else the next of those from U+0100. */
export const BYTE_CHARACTERS: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  String.fromCodePoint(isSeen(byte) ? byte : 0x100 + BYTE_ORDER.indexOf(byte) - seen),
);
