/** Learns from letters.txt, beside it, which letter follows which: a table of scores. */
export const LETTERS = `import { datasets, experiment, losses, tf } from 'deep-learning-lab';
const data = datasets.text({ from: { file: 'letters.txt' }, length: 8 });
export default experiment({
  title: 'Letters',
  data,
  parameters: () => ({ next: tf.zeros([data.vocabularySize, data.vocabularySize]) }),
  forward: ({ next }, x: tf.Tensor2D) => tf.gather(next, x),
  optimizer: () => tf.train.adam(0.3),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  epochs: 2,
  batchSize: 16,
});
`;
