export interface Parts {
  readonly before?: string;
  readonly data?: string;
  readonly model?: string;
  readonly optimizer?: string;
  readonly loss?: string;
  readonly metrics?: string;
}

/** A right model file for three spirals, but for the parts that are given. */
export function modelText({
  before = '',
  data = 'datasets.spirals({ train: 30, test: 10 })',
  model = `tf.sequential({ layers: [tf.layers.dense({ inputShape, units: classes, activation: 'softmax' })] })`,
  optimizer = '() => tf.train.adam(0.01)',
  loss = `'sparseCategoricalCrossentropy'`,
  metrics = `['accuracy']`,
}: Parts = {}): string {
  return `import { datasets, experiment, losses, metrics, tf } from 'deep-learning-lab';
${before}
export default experiment({
  title: 'Test',
  data: ${data},
  model: ({ inputShape, classes }) => ${model},
  optimizer: ${optimizer},
  loss: ${loss},
  metrics: ${metrics},
  epochs: 1,
  batchSize: 10,
});
`;
}

/** The same in plain tensor operations. */
export function functional({ gradients }: { readonly gradients?: string } = {}): string {
  return `import { datasets, experiment, losses, tf } from 'deep-learning-lab';
export default experiment({
  title: 'Test',
  data: datasets.spirals({ train: 30, test: 10 }),
  parameters: ({ inputShape, classes }) => ({ w: tf.randomNormal([inputShape[0]!, classes]), b: tf.zeros([classes]) }),
  forward: ({ w, b }, x) => tf.add(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), b!),
  ${gradients === undefined ? '' : `gradients: () => ({ ${gradients} }),`}
  optimizer: () => tf.train.sgd(0.1),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy'],
  epochs: 1,
  batchSize: 10,
});
`;
}
