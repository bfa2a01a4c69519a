/** A step of the lesson that fine-tunes SmolLM2 with LoRA. */
import path from 'node:path';
import { serveModels } from '../../../src/lab/models/serve';
import { ggufLoader } from '../../../src/trainer/language/gguf';
import { loadModelFile } from '../../../src/trainer/modelFile/load';
import { trainingStep, type Step } from './training';

/** What the lesson trains, for who does the same in another framework; both tell how many numbers that is. */
export const LORA = {
  rank: 8,
  scale: 2,
  /** Layers below it have no change. */
  first: 18,
  targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj'],
  batch: 4,
  /** Tokens of a row, and how many of its last are answers. */
  length: 47,
  answer: 10,
  learningRate: 2e-3,
} as const;

/** On the lesson's own examples. */
export async function loraStep(file: string): Promise<Step> {
  const gguf = ggufLoader({ languageModel: file, memoryLimitMB: Infinity });
  serveModels({ gguf, run: () => Promise.reject(new Error('The lesson asks for no run.')) });
  const folder = path.resolve('samples', 'language-model');
  const loaded = await loadModelFile({ file: path.join(folder, 'model.ts') });
  return await trainingStep(loaded.experiment, loaded, [folder]);
}
