/** Which way a language model runs on the engine of this process. */
import type { LlamaShape } from '../../lab/gguf/shape';
import { nativeBackend } from '../engine/native/internals';
import { EagerLlama } from './eagerLlama';
import { Llama } from './llama';
import type { LanguageModel, ReadWeight } from './model';

/**
 * Hands the weights to the engine, which holds the one copy of them: one graph of TensorFlow, or operation by operation.
 * @param progress told the share of the bytes that were read
 */
export async function loadModel(
  shape: LlamaShape,
  read: ReadWeight,
  progress: (fraction: number) => void = () => undefined,
): Promise<LanguageModel> {
  return nativeBackend() === undefined
    ? await EagerLlama.load(shape, read, progress)
    : await Llama.load(shape, read, progress);
}
