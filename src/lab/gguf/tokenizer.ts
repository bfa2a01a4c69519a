/**
 * The tokenizer in a GGUF file: byte pair encoding over bytes, as GPT-2's (Radford et al., 2019). A token is a sequence of
 * bytes; the file writes each byte as a character that can be seen.
 */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { BYTE_CHARACTERS, cutWords } from '../tokenizers/gpt2';
import { checkToken } from '../tokenizers/tokenizer';
import { ggufInconsistent, ggufUnsupported } from './errors';
import type { GgufFile } from './file';
import type { GgufValue } from './head';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** A token as it can be shown. */
export interface Fragment {
  readonly token: number;
  /** Its characters; a byte that is only part of a character as ‹E5›, a control token by its name. */
  readonly text: string;
  /** Its bytes, hexadecimal: 'E5 BA'; '' for a control token. */
  readonly bytes: string;
}

/** Each digit by itself, and what stands between two. */
const DIGITS = /\p{N}|\P{N}+/gu;

/** How a text is cut before it is merged, by the file's name for it. */
const CUTS: Readonly<Record<string, (text: string) => readonly string[]>> = {
  'gpt-2': cutWords,
  smollm: (text) => (text.match(DIGITS) ?? []).flatMap(cutWords),
};

/** Of the file's kinds of tokens, those that are no text: they steer the model. */
const CONTROL = 3;
/** Stands in a text as it is and is never merged or cut. */
const OWN = 4;

const [TURN, END_OF_TURN] = ['<|im_start|>', '<|im_end|>'];

/** Words whose tokens are remembered. */
const MOST_KNOWN = 50_000;

const BYTES = new Map(BYTE_CHARACTERS.map((character, byte) => [character, byte]));

export class GgufTokenizer {
  /** A token that a text is ended by, first of them the file's own. */
  readonly ends: ReadonlySet<number>;
  private readonly tokens: readonly string[];
  private readonly numbers = new Map<string, number>();
  /** The token that a pair makes, and the pair's rank. */
  private readonly merges = new Map<number, { readonly rank: number; readonly token: number }>();
  /** A vocabulary may lack bytes that its texts did not have, control characters for instance. */
  private readonly byteTokens: readonly (number | undefined)[];
  private readonly known = new Map<string, readonly number[]>();
  private readonly special: RegExp | undefined;
  private readonly isControl: readonly boolean[];
  private readonly cut: (text: string) => readonly string[];
  /** Put before each text. */
  private readonly beginning: number | undefined;

  /**
   * @param size tokens that the model knows
   * @throws LabError GGUF_UNSUPPORTED, GGUF_INCONSISTENT
   */
  constructor(
    private readonly file: Pick<GgufFile, 'path' | 'metadata'>,
    size: number,
  ) {
    const { path, metadata } = file;
    const entry = (name: string): GgufValue | undefined => metadata.get(`tokenizer.ggml.${name}`);
    const model = entry('model');
    if (model !== 'gpt2')
      throw ggufUnsupported(path, l10n.t('a tokenizer of the kind "{0}"', 'gpt2'), JSON.stringify(model ?? null));
    const pre = entry('pre') ?? 'gpt-2';
    const cut = typeof pre === 'string' && Object.hasOwn(CUTS, pre) ? CUTS[pre] : undefined;
    if (cut === undefined)
      throw ggufUnsupported(path, l10n.t('words cut as in {0}', Object.keys(CUTS).join(', ')), JSON.stringify(pre));
    this.cut = cut;
    const tokens = this.texts('tokens');
    if (tokens.length !== size)
      throw this.unfit(l10n.t('{0} tokens, as the embedding has', size), String(tokens.length));
    tokens.forEach((token, number) => {
      const other = this.numbers.get(token);
      if (other !== undefined)
        throw this.unfit(l10n.t('each token once'), l10n.t('{0} as {1} and {2}', JSON.stringify(token), other, number));
      this.numbers.set(token, number);
    });
    this.tokens = tokens;
    this.byteTokens = BYTE_CHARACTERS.map((character) => this.numbers.get(character));
    this.texts('merges').forEach((merge, rank) => {
      const [left = '', right = '', ...more] = merge.split(' ');
      const expected = l10n.t('merges of two tokens into one');
      if (more.length > 0 || left === '' || right === '') throw this.unfit(expected, JSON.stringify(merge));
      const pair = this.key(this.numberOf(left, expected), this.numberOf(right, expected));
      // Of a pair that stands twice the first one counts.
      if (!this.merges.has(pair)) this.merges.set(pair, { rank, token: this.numberOf(left + right, expected) });
    });
    const kinds = entry('token_type') ?? [];
    if (!Array.isArray(kinds) || (kinds.length !== 0 && kinds.length !== tokens.length))
      throw this.unfit(l10n.t('a kind for each of {0} tokens', tokens.length), String(kinds));
    this.isControl = tokens.map((_, number) => kinds[number] === CONTROL);
    const special = tokens.filter(
      (token, number) => token !== '' && (kinds[number] === CONTROL || kinds[number] === OWN),
    );
    // The longest first: none is taken for the beginning of another.
    special.sort((a, b) => b.length - a.length);
    this.special = special.length === 0 ? undefined : new RegExp(`(${special.map(escaped).join('|')})`, 'u');
    this.beginning = entry('add_bos_token') === true ? this.numberIn('bos_token_id') : undefined;
    const turn = this.numbers.get(END_OF_TURN);
    this.ends = new Set([this.numberIn('eos_token_id'), turn].filter((number) => number !== undefined));
  }

  /** Tokens there are. */
  get size(): number {
    return this.tokens.length;
  }

  /**
   * A text as tokens. Half a surrogate pair, which no UTF-8 can hold, becomes U+FFFD; a byte that the vocabulary does not have
   * is left out, as everywhere.
   * @param options `special`, default true: special tokens such as <|im_start|> may stand in the text
   */
  encode(text: string, { special = true }: { readonly special?: boolean } = {}): number[] {
    return [...(this.beginning === undefined ? [] : [this.beginning]), ...this.pieces(text, special)];
  }

  /** The text of tokens. Bytes that are no UTF-8 become U+FFFD, control tokens nothing. @throws LabError TOKEN_UNKNOWN */
  decode(tokens: Iterable<number>): string {
    return Buffer.concat(Array.from(tokens, (token) => this.bytes(token))).toString('utf8');
  }

  /** The bytes that a token stands for: none for a control token. @throws LabError TOKEN_UNKNOWN */
  bytes(token: number): Uint8Array {
    checkToken(path.basename(this.file.path), token, this.tokens.length);
    const text = this.tokens[token] ?? '';
    if (this.isControl[token] === true) return new Uint8Array();
    const bytes = Array.from(text, (character) => BYTES.get(character));
    return bytes.includes(undefined) ? Buffer.from(text) : Uint8Array.from(bytes as number[]);
  }

  fragment(token: number): Fragment {
    const bytes = this.bytes(token);
    const text = bytes.length === 0 ? (this.tokens[token] ?? '') : shown(bytes);
    return { token, text, bytes: Array.from(bytes, hexadecimal).join(' ') };
  }

  /**
   * A conversation as the model was trained on it, up to where its own answer begins. What stands in a message steers nothing.
   * @throws LabError GGUF_UNSUPPORTED where the file's template is not the known one
   */
  encodeChat(messages: readonly Message[]): number[] {
    const template = this.file.metadata.get('tokenizer.chat_template');
    const isKnown = typeof template === 'string' && [TURN, END_OF_TURN].every((mark) => template.includes(mark));
    if (!isKnown || !this.numbers.has(TURN) || !this.numbers.has(END_OF_TURN)) {
      const found = template === undefined ? l10n.t('none') : l10n.t('another one');
      throw ggufUnsupported(this.file.path, l10n.t('a chat template with {0}', TURN), found);
    }
    const system = new RegExp(`'${escaped(TURN)}system\\n(.*?)${escaped(END_OF_TURN)}`, 's').exec(template)?.[1];
    const all: Message[] = [...messages];
    if (messages[0]?.role !== 'system' && system !== undefined) all.unshift({ role: 'system', content: system });
    const turns = all.flatMap(({ role, content }) => [
      ...this.pieces(`${TURN}${role}\n`, true),
      ...this.pieces(content, false),
      ...this.pieces(`${END_OF_TURN}\n`, true),
    ]);
    const beginning = this.beginning === undefined ? [] : [this.beginning];
    return [...beginning, ...turns, ...this.pieces(`${TURN}assistant\n`, true)];
  }

  private pieces(text: string, special: boolean): number[] {
    if (!special || this.special === undefined) return this.words(text);
    return text
      .split(this.special)
      .flatMap((part, i) => (i % 2 === 1 ? [this.numbers.get(part) ?? 0] : this.words(part)));
  }

  private words(text: string): number[] {
    return this.cut(wellFormed(text)).flatMap((word) => {
      let tokens = this.known.get(word);
      if (tokens === undefined) {
        tokens = this.merged(
          Array.from(Buffer.from(word), (byte) => this.byteTokens[byte]).filter((token) => token !== undefined),
        );
        if (this.known.size < MOST_KNOWN) this.known.set(word, tokens);
      }
      return tokens;
    });
  }

  /** Joins the pair of the lowest rank, from left to right, until there is none. */
  private merged(tokens: number[]): readonly number[] {
    for (;;) {
      let best: { readonly rank: number; readonly token: number } | undefined;
      for (let i = 0; i + 1 < tokens.length; i++) {
        const merge = this.merges.get(this.key(tokens[i] ?? 0, tokens[i + 1] ?? 0));
        if (merge !== undefined && (best === undefined || merge.rank < best.rank)) best = merge;
      }
      if (best === undefined) return tokens;
      const joined: number[] = [];
      for (let i = 0; i < tokens.length; i++) {
        const [left = 0, right] = [tokens[i], tokens[i + 1]];
        const isPair = right !== undefined && this.merges.get(this.key(left, right))?.rank === best.rank;
        joined.push(isPair ? best.token : left);
        if (isPair) i++;
      }
      tokens = joined;
    }
  }

  /** One number for two. */
  private key(left: number, right: number): number {
    return left * 2 ** 26 + right;
  }

  private texts(name: string): readonly string[] {
    const value = this.file.metadata.get(`tokenizer.ggml.${name}`);
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw this.unfit(l10n.t('a list of texts in {0}', name), value === undefined ? l10n.t('none') : typeof value);
  }

  private numberOf(token: string, expected: string): number {
    const number = this.numbers.get(token);
    if (number === undefined) throw this.unfit(expected, l10n.t('no token {0}', JSON.stringify(token)));
    return number;
  }

  private numberIn(name: string): number | undefined {
    const value = this.file.metadata.get(`tokenizer.ggml.${name}`);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < this.tokens.length) return value;
    throw this.unfit(l10n.t('{0} below {1}', name, this.tokens.length), String(value));
  }

  private unfit(expected: string, found: string): Error {
    return ggufInconsistent(this.file.path, expected, found);
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Cut as it will be encoded. */
const wellFormed = (text: string): string => Buffer.from(text).toString('utf8');

const hexadecimal = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

/** Bytes as text, those that make no whole character by their numbers. */
function shown(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = characterAt(bytes, at);
    text +=
      length === 0 ? `‹${hexadecimal(bytes[at] ?? 0)}›` : Buffer.from(bytes.subarray(at, at + length)).toString('utf8');
    at += Math.max(1, length);
  }
  return text;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of the character that begins there; 0 where none does. */
function characterAt(bytes: Uint8Array, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    try {
      strict.decode(bytes.subarray(at, at + length));
      return length;
    } catch {
      // More bytes may make one.
    }
  }
  return 0;
}
