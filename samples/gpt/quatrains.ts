import { datasets, experiment, losses, optimizers, schedules, tf } from 'deep-learning-lab';
import { forward, parameters, run, type Size } from './model';

const EPOCHS = 12;
const BATCH = 32;
const STEPS_PER_EPOCH = 123; // each poem once, on average

/** Two poems at a time: each has 28 characters, four marks and the end of its line. */
const data = datasets.text({ from: 'quatrains', length: 66, perEpoch: BATCH * STEPS_PER_EPOCH });

const size: Size = { vocabulary: data.vocabularySize, context: 66, layers: 3, heads: 4, width: 128 };

export default experiment({
  title: 'Quatrains',
  data,

  parameters: () => parameters(size),
  forward: (weights, tokens: tf.Tensor2D) => forward(weights, tokens, size),
  attention: (weights, tokens) => run(weights, tokens, size).looks,

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
  metrics: ['accuracy', 'perplexity'],

  epochs: EPOCHS,
  batchSize: BATCH,
  seed: 1,

  // Poems are few: the network soon knows the training ones by heart.
  restoreBest: true,
});
