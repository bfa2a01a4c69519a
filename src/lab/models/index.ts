/** Language models that are trained already, as cells and model files use them. */
import type { GgufModel, LanguageModel } from './languageModel';
import { servedModels } from './serve';

export type { LlamaShape } from '../gguf/shape';
export type { Fragment, Message } from '../gguf/tokenizer';
export type { CacheUse, GenerateOptions, GgufModel, Inside, LanguageModel, NextToken, Piece } from './languageModel';

/**
 * A language model of the LLaMA family in a GGUF file (F32, F16, Q4_0, Q4_1, Q4_K, Q6_K, Q8_0), with a byte-level BPE tokenizer.
 * Its weights are in memory as float32, once however often the file is asked for. A cell shows how far the loading is.
 *
 * @param file A path, in a notebook from its folder. Default: SmolLM2, which the command Get Language Model brings.
 * @throws LabError GGUF_MISSING, GGUF_CORRUPT, GGUF_UNSUPPORTED, GGUF_INCONSISTENT, GGUF_MEMORY
 */
export async function gguf(file?: string): Promise<GgufModel> {
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
