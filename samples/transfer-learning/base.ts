// The network that the others build on. It learns to tell the digits 0 to 4 apart; of 5 to 9 it never sees one.
import { datasets, experiment, losses, tf, type DataInfo } from 'deep-learning-lab';

/** The body turns a picture into 288 numbers, its features; the head, a single layer, decides by them. */
export function network({ inputShape, classes }: DataInfo): tf.LayersModel {
  return tf.sequential({
    layers: [
      // The body. Each convolution sees more of the picture than the one before: strokes, then parts of digits.
      tf.layers.conv2d({ inputShape, filters: 16, kernelSize: 3, activation: 'relu', name: 'conv1' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', name: 'conv2' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', name: 'conv3' }),
      tf.layers.flatten(),

      // The head: one logit for each class.
      tf.layers.dense({ units: classes, name: 'head' }),
    ],
  });
}

export default experiment({
  title: 'The base: digits 0 to 4',

  data: datasets.mnist({ classes: [0, 1, 2, 3, 4], train: 20_000, test: 2_000 }),
  model: network,

  optimizer: () => tf.train.adam(0.001),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy'],

  epochs: 4,
  batchSize: 64,
  seed: 1,
});
