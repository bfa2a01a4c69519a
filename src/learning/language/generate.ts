/** Text written by a language model, token by token. */
import type { GgufTokenizer } from '../../lab/gguf/tokenizer';
import type { Piece } from '../../lab/models';
import { createRandom } from '../../lab/random';
import type { Llama } from './llama';
import { pickToken, type Sampling } from './sampling';

/** What a model has read, for several who use it by turns: each reads only what differs from what was read last. */
export class Reader {
  private history: readonly number[] = [];
  private turn: Promise<unknown> = Promise.resolve();

  constructor(readonly llama: Llama) {}

  /** The scores of the token that follows these. */
  async scores(tokens: readonly number[]): Promise<Float32Array> {
    const before = this.turn;
    const own = before.then(() => this.read(tokens));
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

/** @param prompt at least one token, fewer than the context has */
export async function* generate(
  reader: Reader,
  tokenizer: GgufTokenizer,
  prompt: readonly number[],
  options: Generation,
): AsyncGenerator<Piece, void, undefined> {
  const random = createRandom(options.seed);
  const all = [...prompt];
  // A character may be spread over several tokens.
  const decoder = new TextDecoder('utf-8');
  for (let count = 0; count < options.tokens && all.length <= reader.llama.shape.context; count++) {
    const token = pickToken(await reader.scores(all), options, random);
    if (tokenizer.ends.has(token)) break;
    yield { token, text: decoder.decode(tokenizer.bytes(token), { stream: true }) };
    all.push(token);
  }
  const rest = decoder.decode();
  const last = all.at(-1);
  if (rest !== '' && last !== undefined) yield { token: last, text: rest };
}
