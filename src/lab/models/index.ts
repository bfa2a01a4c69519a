/** Language models that are trained already, as cells and model files use them. */
import type { Message } from '../gguf/tokenizer';
import { servedModels } from './serve';

export type { Message } from '../gguf/tokenizer';

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

export interface LanguageModel {
  /** As its file says, else the file's name; of a run, its title. */
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

/**
 * A language model of the LLaMA family in a GGUF file (F32, F16, Q4_0, Q4_1, Q4_K, Q6_K, Q8_0), with a byte-level BPE tokenizer.
 * Its weights are in memory as float32, once however often the file is asked for.
 *
 * @param file A path, in a notebook from its folder. Default: SmolLM2, which the command Get Language Model brings.
 * @throws LabError GGUF_MISSING, GGUF_CORRUPT, GGUF_UNSUPPORTED, GGUF_INCONSISTENT, GGUF_MEMORY
 */
export async function gguf(file?: string): Promise<LanguageModel> {
  return await servedModels().gguf(file);
}

/**
 * The model that a run has trained on one long text (`datasets.text`), with the weights that the run ended with, or has come
 * to. It reads at most as many tokens as a window has; what it writes may be longer: then it sees the last ones.
 *
 *   const model = await models.run('2026-11-26T17-30-00-gpt');
 *
 * The model file runs as it was when the run began; what it imports, as it is now.
 *
 * @param run Its id, as the Runs view has it, or its folder, in a notebook from the notebook's folder.
 * @throws LabError RUN_CORRUPT where there is none, RUN_FOREIGN, RUN_NO_TEXT, CHECKPOINT_NONE, CHECKPOINT_DAMAGED,
 *   CHECKPOINT_OTHER_MODEL, and what loading the model file and its data throws
 */
export async function run(run: string): Promise<LanguageModel> {
  return await servedModels().run(run);
}
