import { datasets, experiment, losses, tf } from 'deep-learning-lab';

export default experiment({
  title: 'A small convolutional network',

  // Pictures of clothes, 28 × 28 pixels, grey. Change fashionMnist to cifar10 for colour photographs.
  data: datasets.fashionMnist({ train: 20_000, test: 4_000 }),

  model: ({ inputShape, classes }) =>
    tf.sequential({
      layers: [
        // 32 filters of 3 × 3 weights slide over the picture. Each learns to answer to one small pattern.
        tf.layers.conv2d({ inputShape, filters: 32, kernelSize: 3, activation: 'relu' }),
        // Of every 2 × 2 answers only the strongest goes on: half the width, half the height.
        tf.layers.maxPooling2d({ poolSize: 2 }),
        // These filters see the answers of the first ones: patterns of patterns.
        tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),

        // From a stack of small maps to one long row of numbers, and from there to a decision.
        tf.layers.flatten(),
        tf.layers.dense({ units: 64, activation: 'relu' }),
        // One number for each class, called a logit: the larger, the likelier.
        tf.layers.dense({ units: classes }),
      ],
    }),

  optimizer: () => tf.train.adam(0.001),

  // The last layer has no activation: the loss makes probabilities of the logits itself, which is more exact.
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy'],

  epochs: 10,
  batchSize: 64,
  seed: 1,
});
