import { datasets, experiment, losses, tf, trained, type DataInfo } from 'deep-learning-lab';
import base, { network } from './base';

/** The learning rate of a new head, whose weights are random at first. */
export const HEAD_RATE = 0.01;

// ── Exercises ───────────────────────────────────────────────────────────────────────────────────────────────────────

// 1. The same model with every weight frozen: training leaves it as it is.
export function freeze(model: tf.LayersModel): tf.LayersModel {
  return model; // your code
}

// 2. The body of the model, with the very same layers, under a new head: a dense layer with a logit for each class.
export function replaceHead(model: tf.LayersModel, classes: number): tf.LayersModel {
  return model; // your code
}

// 3. What to compare with: a model of the same layers that has learned nothing yet, and may learn everything.
export function fromScratch(model: tf.LayersModel, info: DataInfo): tf.LayersModel {
  return model; // your code
}

// 4. Fine-tuning: which layers of the body may learn again, and at what rate? `body` names them, the first one first.
export function fineTuning(body: readonly string[]): { layers: readonly string[]; rate: number } {
  return { layers: [], rate: HEAD_RATE }; // your code
}

// ── The experiment that uses them ───────────────────────────────────────────────────────────────────────────────────

export default experiment({
  title: 'Transfer learning',

  // Digits that the base has never seen, and few of them.
  data: datasets.mnist({ classes: [5, 6, 7, 8, 9], train: 400, test: 2_000 }),

  // `trained` gives the base with the weights of its newest run.
  model: ({ classes }) => replaceHead(freeze(trained(base, './base.ts')), classes),

  compareWith: { label: 'from scratch', model: (info) => fromScratch(trained(base, './base.ts'), info) },

  // How good are both with so many pictures?
  sizes: [20, 50, 100, 200, 400],

  optimizer: () => tf.train.adam(HEAD_RATE),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy'],

  epochs: 20,
  batchSize: 20,
  seed: 1,
});
