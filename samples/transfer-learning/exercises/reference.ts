/** Models and trainings of reduced size, for the checks. What is costly here takes a few seconds. */
import { datasets, experiment, losses, tf, type Experiment } from 'deep-learning-lab';
import type { TrainingResult } from 'deep-learning-lab/grading';
import { network } from '../base';

export const INFO = { inputShape: [28, 28, 1], classes: 5 };

/** A base with a hidden layer, so that there is something between the convolutions and the head. */
export function smallBase(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, activation: 'relu', name: 'conv1' }),
      tf.layers.maxPooling2d({ poolSize: 2, name: 'pool' }),
      tf.layers.flatten({ name: 'flatten' }),
      tf.layers.dense({ units: 6, activation: 'tanh', name: 'hidden' }),
      tf.layers.dense({ units: 5, name: 'head' }),
    ],
  });
}

export const valuesOf = (model: tf.LayersModel): Float32Array[] =>
  model.weights.map((weight) => weight.read().dataSync<'float32'>().slice());

export const same = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

/** The layers of the body under a new head, as the lesson's second exercise asks for it. */
export function withNewHead(base: tf.LayersModel, classes: number): tf.LayersModel {
  const body = base.layers[base.layers.length - 2].output as tf.SymbolicTensor;
  const head = tf.layers.dense({ units: classes, name: 'newHead' });
  return tf.model({ inputs: base.inputs, outputs: head.apply(body) as tf.SymbolicTensor });
}

export interface Plan {
  readonly model: () => tf.LayersModel;
  readonly rate: number;
  readonly epochs: number;
  /** Default 60. */
  readonly examples?: number;
}

const training = { loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }), metrics: ['accuracy' as const] };

/** Digits 0 to 4, enough of them to learn useful features. */
export const manyKnown: Experiment = experiment({
  title: 'Check: base',
  data: datasets.mnist({ classes: [0, 1, 2, 3, 4], train: 8_000, test: 100 }),
  model: network,
  optimizer: () => tf.train.adam(0.002),
  ...training,
  epochs: 3,
  batchSize: 64,
});

/** Digits 5 to 9, and few of them. */
export const fewNew = ({ model, rate, epochs, examples = 60 }: Plan): Experiment =>
  experiment({
    title: 'Check: few',
    data: datasets.mnist({ classes: [5, 6, 7, 8, 9], train: examples, test: 500 }),
    model,
    optimizer: () => tf.train.adam(rate),
    ...training,
    epochs,
    batchSize: 20,
  });

/** Puts the weights that a training ended with into a model that is built as that one was. */
export function restore(model: tf.LayersModel, { weights }: TrainingResult): tf.LayersModel {
  model.weights.forEach((weight, i) => {
    const value = tf.tensor(weights[i].values, weight.shape as number[]);
    weight.write(value);
    value.dispose();
  });
  return model;
}

/** Keeps what models own, also of layers that were left out of them, until it is freed as a whole. */
export class Models {
  private readonly variables: tf.Tensor[] = [];

  keep(model: tf.LayersModel): tf.LayersModel {
    this.variables.push(...model.weights.map((weight) => weight.read()));
    return model;
  }

  dispose(): void {
    for (const variable of this.variables) if (!variable.isDisposed) variable.dispose();
  }
}
