/** The optimizers that compiled steps have to train with. */
import * as tf from '@tensorflow/tfjs';
import type { MakeOptimizer } from './harness';

/** At rates at which every model learns: a diverging training tells nothing, it doubles rounding errors in each step. */
export const optimizers: Readonly<Record<string, MakeOptimizer>> = {
  sgd: () => tf.train.sgd(0.02),
  momentum: () => tf.train.momentum(0.01, 0.9),
  rmsprop: () => tf.train.rmsprop(0.003),
  adagrad: () => tf.train.adagrad(0.03),
  adadelta: () => tf.train.adadelta(0.1, 0.9),
  adam: () => tf.train.adam(0.005),
  adamax: () => tf.train.adamax(0.005),
};

export const settings: Readonly<Record<string, MakeOptimizer>> = {
  'momentum (Nesterov)': () => tf.train.momentum(0.05, 0.9, true),
  'rmsprop (momentum)': () => tf.train.rmsprop(0.01, 0.9, 0.5),
  'rmsprop (centred)': () => tf.train.rmsprop(0.01, 0.9, 0.1, 1e-14, true),
  'adam (large epsilon)': () => tf.train.adam(0.01, 0.8, 0.95, 0.1),
  'adamax (decay)': () => tf.train.adamax(0.01, 0.9, 0.999, 1e-7, 0.1),
};
