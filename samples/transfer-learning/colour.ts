// Colour photographs, and a body that somebody else has trained: MobileNetV3, on a hundred thousand photographs.
import { datasets, experiment, features, losses, tf } from 'deep-learning-lab';

// Each photograph becomes 88 numbers. They are computed once and kept: the body is frozen, so they never change.
const photographs = features(datasets.cifar10({ train: 800, test: 1_000 }), {
  backbone: 'mobilenetV3',
  size: 128, // the body wants larger pictures than 32 × 32
  pixels: true, // keep the pictures too, for the network below that starts from scratch
});

export default experiment({
  title: 'Photographs, seen by a trained body',

  data: photographs,

  // All that is left to train is the head.
  model: ({ classes }) => tf.sequential({ layers: [photographs.featureInput(), tf.layers.dense({ units: classes })] }),

  // The same photographs, as pixels, for a network that has to learn to see from them alone.
  compareWith: {
    label: 'from scratch',
    model: ({ classes }) =>
      tf.sequential({
        layers: [
          photographs.pixelInput(),
          tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 64, activation: 'relu' }),
          tf.layers.dense({ units: classes }),
        ],
      }),
    optimizer: () => tf.train.adam(0.001),
  },

  sizes: [50, 100, 200, 400, 800],

  optimizer: () => tf.train.adam(0.003),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy'],

  epochs: 30,
  batchSize: 32,
  seed: 1,
});
