/** What a language model that is trained already can be asked. */
import type * as tf from '@tensorflow/tfjs';
import type { display } from '../cells/display';
import type { LlamaShape } from '../gguf/shape';
import type { Fragment, Message } from '../gguf/tokenizer';

export interface GenerateOptions {
  /** The most tokens that are written. Default 128; fewer where the model ends its answer, or the context is full. */
  readonly tokens?: number;
  /** Scores are divided by it: 0, the default, takes the likeliest token each time. */
  readonly temperature?: number;
  /** Only so many of the likeliest tokens are drawn from. Default: all. */
  readonly topK?: number;
  /** Only the likeliest tokens that have this probability together are drawn from, from 0 to 1. Default 1: all. */
  readonly topP?: number;
  /** Of the draws. Default 1. */
  readonly seed?: number;
}

/** Something that the model has written. */
export interface Piece {
  readonly token: number;
  /** Of whole characters: '' where more tokens are needed for the next one. */
  readonly text: string;
}

/** A token that may follow. */
export interface NextToken {
  readonly token: number;
  /** As `fragments` shows it. */
  readonly text: string;
  /** Softmax of the scores over the whole vocabulary. */
  readonly probability: number;
}

/** What was kept of a text, so that a further token needs one pass of one token. */
export interface CacheUse {
  /** Tokens whose keys and values are there. */
  readonly positions: number;
  /** There is room for so many. It grows by 256 at a time, at most to the context. */
  readonly capacity: number;
  /** Bytes that a position takes: 2 · layers · key/value heads · head width · 4. */
  readonly bytesEach: number;
  /** Bytes in all: capacity · bytesEach. */
  readonly bytes: number;
}

/**
 * What happened inside the model while it read a text of n tokens. Tensors are made when they are asked for. A cell shows it
 * as the attention of every layer and head, with the tokens beside it.
 */
export interface Inside {
  readonly [display]: () => unknown;
  readonly fragments: readonly Fragment[];
  /**
   * How much each token looks at which: each row has the sum 1, and 0 for tokens that come later.
   *
   * @param layer from 0; left out, all: float32 [layers, heads, n, n]
   * @param head from 0; left out, all of the layer: float32 [heads, n, n]; with both float32 [n, n]
   * @throws LabError EXPERIMENT_INVALID for a layer or head that there is not
   */
  attention(layer?: number, head?: number): tf.Tensor;
  /**
   * What stands for each token after so many layers, from 0, the embedding, to all: float32 [n, width].
   * @throws LabError EXPERIMENT_INVALID
   */
  hidden(layers: number): tf.Tensor2D;
  /**
   * The logit lens: which token would follow if the model ended after so many layers, likeliest first, for each number of
   * layers from 0. Source: nostalgebraist, "interpreting GPT: the logit lens", 2020.
   *
   * @param options `position`, whose follower is asked for, default the last; `top`, how many, default 1; or `of`, a token:
   *   then its probability, likely or not
   */
  lens(options?: {
    readonly position?: number;
    readonly top?: number;
    readonly of?: number;
  }): readonly (NextToken & { readonly layers: number })[];
  /** The likeliest tokens to follow; options as of `lens`, `top` 10 by default. */
  next(options?: { readonly position?: number; readonly top?: number }): readonly NextToken[];
}

export interface LanguageModel {
  /** As its file says, else the file's name; SmolLM2-135M-Instruct for what set-up brings; of a run, its title. */
  readonly name: string;
  /** How many tokens it knows, and how many it can read at once. */
  readonly vocabulary: number;
  readonly context: number;
  /** The text as the model reads it. Special tokens such as <|im_start|> may stand in it. */
  encode(text: string): number[];
  /** The text of tokens. Bytes that are no UTF-8 become U+FFFD, special tokens nothing. */
  decode(tokens: Iterable<number>): string;
  /**
   * Writes on, token by token; whoever stops asking stops it.
   *
   *   for await (const { text } of model.generate('The capital of France is')) …
   *
   * @param prompt A text to go on with, or a conversation to answer.
   * @throws LabError PROMPT_INVALID for an empty one and one that is longer than the context; EXPERIMENT_INVALID for options
   */
  generate(prompt: string | readonly Message[], options?: GenerateOptions): AsyncGenerator<Piece, void, undefined>;
  /**
   * The scores (logits) of each token of the vocabulary, to be the one that follows.
   *
   * @param tokens at least one
   * @returns float32 [vocabulary]
   */
  scores(tokens: readonly number[]): Promise<Float32Array>;
  /** Frees its memory. It cannot be used any more. */
  dispose(): void;
}

/** A model of a file, which can be opened up. */
export interface GgufModel extends LanguageModel {
  readonly sizes: LlamaShape;
  /**
   * Its weights by their names in the file, matrices with a row for each output: variables that are not trained and share
   * the memory of the model, which frees them. For `frozen` of an experiment.
   */
  readonly weights: Readonly<Record<string, tf.Variable>>;
  /** What is kept of the text that was read last. */
  readonly cache: CacheUse;
  /** A conversation as the model reads it, up to where its own answer begins. @throws LabError GGUF_UNSUPPORTED */
  encodeChat(messages: readonly Message[]): number[];
  /** Tokens one by one, as they can be shown: those of a text, or given ones. */
  fragments(text: string | readonly number[]): Fragment[];
  /**
   * Reads a text and tells what happened on the way.
   * @param text of 1 to 256 tokens
   * @throws LabError PROMPT_INVALID
   */
  inside(text: string | readonly number[]): Promise<Inside>;
  /**
   * The same model with other numbers for some of its weights. All others are shared, not copied; the given ones are. Either
   * can be disposed without the other.
   *
   * @param weights by their names in `weights`, in the same shapes
   * @throws LabError EXPERIMENT_INVALID
   */
  with(weights: Readonly<Record<string, tf.Tensor>>): GgufModel;
}
