import { datasets, experiment, tf } from 'deep-learning-lab';

export default experiment({
  title: 'A small neural network',

  // Three spiral arms, a class each. No straight line can part them: try it, and take the activations of the hidden layers away.
  data: datasets.spirals({ classes: 3, turns: 1, noise: 0.04, train: 2_000, test: 1_000 }),

  model: ({ inputShape, classes }) =>
    tf.sequential({
      layers: [
        // A point (x, y) comes in. Each of 24 neurons draws a line through the plane and tells the two sides apart ...
        tf.layers.dense({ inputShape, units: 24, activation: 'tanh' }),
        // ... and each of these combines all of the lines into a curve.
        tf.layers.dense({ units: 24, activation: 'tanh' }),
        // One number for each class, made into probabilities that sum to 1.
        tf.layers.dense({ units: classes, activation: 'softmax' }),
      ],
    }),

  // Adam moves every weight a little downhill after each batch; 0.003 is the size of its steps.
  optimizer: () => tf.train.adam(0.003),

  // How surprised the network is by the right answer: −log of the probability it gave to it.
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],

  // An epoch is once through all 2,000 points, 32 at a time.
  epochs: 60,
  batchSize: 32,

  // Where chance comes in (first weights, order of the points), the seed decides: the same seed, the same run.
  seed: 1,
});
