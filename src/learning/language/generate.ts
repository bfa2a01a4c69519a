/** Text written by a language model, token by token. */
import type { Fragment, GgufTokenizer } from '../../lab/gguf/tokenizer';
import type { Piece } from '../../lab/models';
import { createRandom } from '../../lab/random';
import { Reading } from './inside';
import type { LanguageModel } from './model';
import { pickToken, type Sampling } from './sampling';

/** What a model has read, for several who use it by turns: each reads only what differs from what was read last. */
export class Reader {
  private history: readonly number[] = [];
  private turn: Promise<unknown> = Promise.resolve();

  constructor(readonly llama: LanguageModel) {}

  /** The scores of the token that follows these. */
  async scores(tokens: readonly number[]): Promise<Float32Array> {
    return await this.inTurn(() => this.read(tokens));
  }

  /** What happens while it reads them, from the first. */
  async inside(tokens: readonly number[], fragmentOf: (token: number) => Fragment): Promise<Reading> {
    return await this.inTurn(() => {
      this.history = [...tokens];
      return new Reading(this.llama, tokens, fragmentOf);
    });
  }

  private async inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const own = this.turn.then(work);
    this.turn = own.catch(() => undefined); // told to who asked
    return await own;
  }

  private async read(tokens: readonly number[]): Promise<Float32Array> {
    const { llama, history } = this;
    let same = 0;
    const most = Math.min(tokens.length - 1, llama.position);
    while (same < most && tokens[same] === history[same]) same++;
    llama.rewind(same);
    this.history = [...tokens];
    return await llama.read(tokens.slice(same));
  }
}

export interface Generation extends Sampling {
  readonly tokens: number;
  readonly seed: number;
}

/** What writes: scores of the token that follows, and the text of what was written. */
export interface Author {
  /** The most tokens that it can read: the text ends there. Infinity where it forgets the first ones. */
  readonly room: number;
  /** Tokens that end a text. */
  readonly ends: ReadonlySet<number>;
  scores(tokens: readonly number[]): Promise<Float32Array>;
  /**
   * What it returns is called with each token that is written.
   * @returns the text of whole characters that it completes; without a token, what is left
   */
  writer(prompt: readonly number[]): (token?: number) => string;
}

/** @param prompt at least one token, fewer than there is room for */
export async function* generate(
  author: Author,
  prompt: readonly number[],
  options: Generation,
): AsyncGenerator<Piece, void, undefined> {
  const random = createRandom(options.seed);
  const all = [...prompt];
  const write = author.writer(prompt);
  for (let count = 0; count < options.tokens && all.length <= author.room; count++) {
    const token = pickToken(await author.scores(all), options, random);
    if (author.ends.has(token)) break;
    yield { token, text: write(token) };
    all.push(token);
  }
  const rest = write();
  const last = all.at(-1);
  if (rest !== '' && last !== undefined) yield { token: last, text: rest };
}

/** A model of a GGUF file. */
export function ggufAuthor(reader: Reader, tokenizer: GgufTokenizer): Author {
  return {
    room: reader.llama.shape.context,
    ends: tokenizer.ends,
    scores: (tokens) => reader.scores(tokens),
    writer: () => {
      // A character may be spread over several tokens.
      const decoder = new TextDecoder('utf-8');
      return (token) =>
        token === undefined ? decoder.decode() : decoder.decode(tokenizer.bytes(token), { stream: true });
    },
  };
}
