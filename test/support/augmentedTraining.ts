/** A training whose examples are changed by chance, on whatever engine is there. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { augment, datasets, experiment, losses, type ExperimentConfig } from '../../src/lab';
import { createRandom } from '../../src/lab/random';
import { loadSplits } from '../../src/lab/loadSplits';
import { Control } from '../../src/learning/training/control';
import { Training } from '../../src/learning/training/training';

export const EVERYTHING = [
  augment.flip(),
  augment.crop(2),
  augment.rotate(20),
  augment.noise(0.1),
  augment.timeMask(3),
  augment.mixup(0.4),
];

export interface Outcome {
  readonly losses: readonly number[];
  readonly validation: readonly number[];
  readonly compiled: boolean;
}

/** Three classes of pictures, 40 to train: the losses of each step, and on the test data of each epoch. */
export async function trainAugmented(
  compile: boolean,
  changed: Partial<Pick<ExperimentConfig, 'augment' | 'optimizer' | 'epochs' | 'seed'>> = {},
): Promise<Outcome> {
  const random = createRandom(3);
  const labels = Array.from({ length: 50 }, (_, i) => i % 3);
  const x = Float32Array.from(
    { length: 50 * 64 },
    (_, i) => random.next() * 0.3 + (i % 3 === (labels[i >> 6] ?? 0) ? 0.5 : 0),
  );
  const data = datasets.of({ x, inputShape: [8, 8, 1], y: labels, classes: ['a', 'b', 'c'], test: 0.2 });
  const made = experiment({
    title: 'changed by chance',
    data,
    augment: EVERYTHING,
    model: ({ inputShape, classes }) =>
      tf.sequential({
        layers: [
          tf.layers.conv2d({ inputShape, filters: 4, kernelSize: 3, activation: 'relu' }),
          tf.layers.flatten(),
          tf.layers.dense({ units: classes }),
        ],
      }),
    optimizer: () => tf.train.adam(0.01),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    epochs: 4,
    batchSize: 10,
    seed: 1,
    ...changed,
  });
  const context = {
    directories: [],
    cacheDirectory: '',
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  const splits = await loadSplits(data, context);
  const before = tf.memory().numTensors;
  const training = await Training.create({
    experiment: made,
    data: splits,
    compile,
    epochs: made.epochs,
    control: new Control(() => undefined),
  });
  const [stepLosses, validation]: [number[], number[]] = [[], []];
  let compiled = false;
  training.listen({
    point: ({ kind, values }) => {
      if (kind === 'step') stepLosses.push(values['loss'] ?? Number.NaN);
      else validation.push(values['val_loss'] ?? Number.NaN);
    },
    executed: ({ kind }) => (compiled ||= kind === 'compiled'),
  });
  try {
    await training.run();
  } finally {
    training.dispose();
  }
  assert.equal(tf.memory().numTensors, before, 'no tensor is left');
  return { losses: stepLosses, validation, compiled };
}
