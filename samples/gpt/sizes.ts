import { datasets, experiment, losses, optimizers, schedules, tf } from 'deep-learning-lab';
import { forward, parameters, type Size } from './model';

const EPOCHS = 8;
const BATCH = 16;
const STEPS_PER_EPOCH = 250;

/** For every size the same windows of the same novel, in the same order. */
const data = datasets.text({ from: 'moby-dick', length: 64, perEpoch: BATCH * STEPS_PER_EPOCH });

/** From one to the next about three times as many weights. */
const sizes: readonly Size[] = [
  { layers: 2, heads: 2, width: 32 },
  { layers: 2, heads: 4, width: 64 },
  { layers: 3, heads: 4, width: 96 },
  { layers: 4, heads: 4, width: 128 },
].map((size) => ({ ...size, vocabulary: data.vocabularySize, context: 64 }));

const modelOf = (size: Size) => ({
  parameters: () => parameters(size),
  forward: (weights: Record<string, tf.Tensor>, tokens: tf.Tensor2D) => forward(weights, tokens, size),
});

export default experiment({
  title: 'What size buys',
  data,

  // The smallest one, whose curves the panel shows first …
  ...modelOf(sizes[0]),

  // … then all of them, each from the start.
  modelSizes: sizes.map((size) => ({
    label: `${size.layers} × ${size.width}`, // layers × width
    ...modelOf(size),
  })),

  optimizer: optimizers.adamw({
    learningRate: schedules.warmUp({
      steps: 100,
      then: schedules.cosineDecay({ learningRate: 2e-3, decaySteps: EPOCHS * STEPS_PER_EPOCH - 100, alpha: 0.1 }),
    }),
    beta2: 0.99,
    weightDecay: 0.1,
    excludeFromWeightDecay: ['norm', 'position'],
    globalClipNorm: 1,
  }),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),

  epochs: EPOCHS,
  batchSize: BATCH,
  seed: 1,
});
