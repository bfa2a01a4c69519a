/**
 * Byte pair encoding: a text is its UTF-8 bytes, and pairs that stand beside each other often become tokens of their own,
 * the most frequent first. Source: Gage 1994; Sennrich, Haddow, Birch 2016; over bytes as in GPT-2 (Radford 2019).
 */
import { checkInteger, checkKnown, checkObject } from '../check';
import { BYTE_ORDER, cutWords } from './gpt2';
import {
  checkText,
  checkTexts,
  checkToken,
  frequencies,
  PADDING,
  type Tokenizer,
  type TokenizerPlan,
} from './tokenizer';

export interface BytePairOptions {
  /** Most tokens, at least 257: padding, the 256 bytes, then what was merged. */
  readonly size: number;
}

const BYTES = BYTE_ORDER.length;
/** Number of the first byte: 0 is padding. */
const FIRST = PADDING + 1;

/**
 * Bytes and what was merged of them: no text is unknown, and decode(encode(text)) === text.
 * @throws LabError EXPERIMENT_INVALID
 */
export function bytePairs(options: BytePairOptions): TokenizerPlan {
  const owner = 'tokenizers.bytePairs';
  const given = checkObject(owner, options);
  checkKnown(owner, given, ['size']);
  const size = checkInteger(`${owner}: size`, given['size'], { min: FIRST + BYTES });
  return Object.freeze({
    name: 'byte pairs',
    size,
    train: (texts: readonly string[]) => {
      const chunks = frequencies(checkTexts(owner, texts).flatMap(cutWords));
      return tokenizer(owner, new Training(chunks).merges(size - FIRST - BYTES));
    },
  });
}

type Pair = readonly [left: number, right: number];

const numberOfByte = new Map(BYTE_ORDER.map((byte, index) => [byte, FIRST + index]));

const numbersOf = (chunk: string): number[] => Array.from(Buffer.from(chunk), (byte) => numberOfByte.get(byte) ?? 0);

/** One number for two. */
const keyOf = (left: number, right: number): number => left * 2 ** 26 + right;

/** Counts pairs, and after each merge only those that it has changed. */
class Training {
  private readonly words: { ids: number[]; readonly count: number }[];
  private readonly counts = new Map<number, number>();
  /** Words in which a pair stood when it was counted last. */
  private readonly places = new Map<number, Set<number>>();

  constructor(chunks: readonly (readonly [string, number])[]) {
    this.words = chunks.map(([chunk, count]) => ({ ids: numbersOf(chunk), count }));
    this.words.forEach((_, word) => {
      this.count(word, 1);
    });
  }

  /** The most frequent pair again and again, until there are so many or none occurs twice. */
  merges(most: number): Pair[] {
    const merges: Pair[] = [];
    while (merges.length < most) {
      const pair = this.best();
      if (pair === undefined) break;
      this.merge(pair, FIRST + BYTES + merges.length);
      merges.push(pair);
    }
    return merges;
  }

  /** Where several are as frequent, the one with the smallest numbers. */
  private best(): Pair | undefined {
    let [best, most] = [-1, 1];
    for (const [key, count] of this.counts) {
      if (count > most || (count === most && key < best)) [best, most] = [key, count];
    }
    return best < 0 ? undefined : [Math.floor(best / 2 ** 26), best % 2 ** 26];
  }

  private merge(pair: Pair, id: number): void {
    const places = this.places.get(keyOf(...pair)) ?? new Set();
    for (const place of places) {
      const word = this.words[place];
      if (word === undefined) continue;
      this.count(place, -1);
      word.ids = joined(word.ids, pair, id);
      this.count(place, 1);
    }
  }

  /** Adds the pairs of a word to the counts, or takes them away. */
  private count(place: number, sign: 1 | -1): void {
    const { ids, count } = this.words[place] ?? { ids: [], count: 0 };
    for (let i = 0; i + 1 < ids.length; i++) {
      const key = keyOf(ids[i] ?? 0, ids[i + 1] ?? 0);
      const total = (this.counts.get(key) ?? 0) + sign * count;
      if (total === 0) {
        this.counts.delete(key);
        this.places.delete(key);
        continue;
      }
      this.counts.set(key, total);
      const places = this.places.get(key);
      if (places === undefined) this.places.set(key, new Set([place]));
      else if (sign > 0) places.add(place);
    }
  }
}

/** From left to right, each occurrence of the pair as one. */
function joined(ids: readonly number[], [left, right]: Pair, id: number): number[] {
  const result: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === left && ids[i + 1] === right) {
      result.push(id);
      i++;
    } else result.push(ids[i] ?? 0);
  }
  return result;
}

function tokenizer(owner: string, merges: readonly Pair[]): Tokenizer {
  const bytes: Uint8Array[] = [new Uint8Array(), ...BYTE_ORDER.map((byte) => Uint8Array.of(byte))];
  for (const [left, right] of merges)
    bytes.push(Buffer.concat([bytes[left] ?? [], bytes[right] ?? []] as Uint8Array[]));
  const merged = new Map(merges.map(([left, right], rank) => [keyOf(left, right), FIRST + BYTES + rank]));
  const known = new Map<string, readonly number[]>();

  /** The merges in the order in which they were learned. */
  const encodeChunk = (chunk: string): readonly number[] => {
    const before = known.get(chunk);
    if (before !== undefined) return before;
    let ids = numbersOf(chunk);
    for (;;) {
      const next = ids.reduce((first, left, i) => {
        const id = merged.get(keyOf(left, ids[i + 1] ?? 0)) ?? Number.POSITIVE_INFINITY;
        return Math.min(first, id);
      }, Number.POSITIVE_INFINITY);
      const pair = merges[next - FIRST - BYTES];
      if (pair === undefined) break;
      ids = joined(ids, pair, next);
    }
    if (known.size < MOST_KNOWN) known.set(chunk, ids);
    return ids;
  };
  const encode = (text: string): Int32Array =>
    Int32Array.from(cutWords(checkText(owner, text)).flatMap((chunk) => [...encodeChunk(chunk)]));
  const vocabulary = Object.freeze(bytes.map((piece, id) => (id === PADDING ? '<pad>' : shown(piece))));
  return Object.freeze({
    name: 'byte pairs',
    vocabulary,
    encode,
    tokens: (text: string) => Array.from(encode(text), (id) => vocabulary[id] ?? ''),
    decode: (ids: ArrayLike<number>) =>
      Buffer.concat(
        Array.from(ids, (id) => {
          checkToken(owner, id, bytes.length);
          return bytes[id] ?? new Uint8Array();
        }),
      ).toString('utf8'),
  });
}

/** Chunks whose tokens are remembered: texts are made of few words that come again. */
const MOST_KNOWN = 50_000;

/** As text where the bytes are whole characters, else in hexadecimal: ⟨E4 BD⟩. */
function shown(piece: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(piece);
  } catch {
    return `⟨${Array.from(piece, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')}⟩`;
  }
}
