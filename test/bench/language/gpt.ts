/** A training step of the lesson's GPT. */
import path from 'node:path';
import { datasets, experiment, losses, optimizers, type Parameters, type tf } from '../../../src/lab';
import { loadModelFile } from '../../../src/trainer/modelFile/load';
import { trainingStep, type Step } from './training';

export interface Size {
  readonly vocabulary: number;
  readonly context: number;
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
}

export interface GptBench {
  readonly name: string;
  readonly size: Size;
  readonly batch: number;
  /** Of a round: about half a second. */
  readonly steps: number;
}

/** The smallest of the lesson, the lesson's own, and one near the largest that trains in minutes. */
export const GPTS: readonly GptBench[] = [
  { name: 'GPT 0.1 M', size: { vocabulary: 83, context: 32, layers: 2, heads: 4, width: 64 }, batch: 32, steps: 40 },
  { name: 'GPT 0.8 M', size: { vocabulary: 83, context: 64, layers: 4, heads: 4, width: 128 }, batch: 32, steps: 6 },
  { name: 'GPT 2.7 M', size: { vocabulary: 83, context: 128, layers: 6, heads: 6, width: 192 }, batch: 16, steps: 3 },
];

interface Network {
  parameters(size: Size): Parameters;
  forward(weights: Parameters, tokens: tf.Tensor2D, size: Size): tf.Tensor3D;
}

/** On random windows of a text of random characters. */
export async function gptStep({ size, batch }: Pick<GptBench, 'size' | 'batch'>): Promise<Step> {
  const loaded = await loadModelFile({ file: path.resolve('samples', 'gpt', 'model.ts') });
  const network = loaded.exported as unknown as Network;
  const characters = Array.from({ length: size.vocabulary - 2 }, (_, i) => String.fromCharCode(0x4e00 + i));
  const text = Array.from({ length: 100_000 }, (_, i) => characters[(i * i + (i >> 3)) % characters.length]).join('');
  const gpt = experiment({
    title: 'GPT',
    data: datasets.text({ from: { text }, length: size.context }),
    parameters: () => network.parameters(size),
    forward: (weights, tokens: tf.Tensor2D) => network.forward(weights, tokens, size),
    optimizer: optimizers.adamw({
      learningRate: 1e-3,
      beta2: 0.99,
      weightDecay: 0.1,
      excludeFromWeightDecay: ['norm', 'position'],
      globalClipNorm: 1,
    }),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    epochs: 1,
    batchSize: batch,
  });
  return await trainingStep(gpt, loaded);
}
