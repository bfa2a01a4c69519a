/** A language model of the LLaMA family that runs: tokens in, scores of the next token out. */
import type * as tf from '@tensorflow/tfjs';
import type { LlamaShape } from '../../lab/gguf/shape';

/** A weight's numbers by its name in GGUF; called once for each. */
export type ReadWeight = (name: string) => Promise<Float32Array>;

/** What it has read is kept as keys and values, so that a further token costs one pass of one token. */
export interface LanguageModel {
  readonly shape: LlamaShape;
  /** How many tokens it has read. */
  readonly position: number;
  /** Of the keys and values: positions that there is room for, and the bytes that one position takes. */
  readonly cache: { readonly capacity: number; readonly bytesEach: number };
  /** Forgets what comes after the first `length` tokens. */
  rewind(length: number): void;
  /**
   * Reads further tokens.
   * @param tokens at least one; no more than the context has room for
   * @returns float32 [vocabulary]: the scores (logits) of the token that follows
   * @throws the signal's reason; what was read until then is kept
   */
  read(tokens: readonly number[], signal?: AbortSignal): Promise<Float32Array>;
  /**
   * Reads tokens in one pass and says more of it.
   * @returns `hidden` [n, width], before the first layer and after each; `attention` of each layer [heads, n, positions], of
   *   which those that were read count
   */
  inspect(tokens: readonly number[]): {
    readonly hidden: readonly Float32Array[];
    readonly attention: readonly Float32Array[];
    readonly positions: number;
  };
  /**
   * The logit lens: what the model would say if it ended behind any layer.
   * @param hidden [n, width]
   * @returns scores [n, vocabulary]
   */
  lens(hidden: Float32Array): Float32Array;
  /**
   * The weights by their names in GGUF, each in the shape that it has in the file: variables that are not trained and share
   * the memory of the model's. The caller disposes them.
   */
  weights(): Record<string, tf.Variable>;
  /**
   * The same model with other numbers for some of its weights; all others are shared.
   * @param changed by their names in GGUF, in the shapes of `weights`
   */
  with(changed: Readonly<Record<string, tf.Tensor>>): LanguageModel;
  dispose(): void;
}
