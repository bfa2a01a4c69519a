import * as tf from '@tensorflow/tfjs';
import { sample } from '../../support/sample';
import { useEngine } from '../lab/tensorflow';
import { assertSameTraining, trainCompiled, trainEagerly, type MakeOptimizer } from './harness';
import { cases, cnn, mlp } from './models';

const STEPS = 20;

/** At rates at which every model learns: a diverging training tells nothing, it doubles rounding errors in each step. */
const optimizers: Readonly<Record<string, MakeOptimizer>> = {
  sgd: () => tf.train.sgd(0.02),
  momentum: () => tf.train.momentum(0.01, 0.9),
  rmsprop: () => tf.train.rmsprop(0.003),
  adagrad: () => tf.train.adagrad(0.03),
  adadelta: () => tf.train.adadelta(0.1, 0.9),
  adam: () => tf.train.adam(0.005),
  adamax: () => tf.train.adamax(0.005),
};

const settings: Readonly<Record<string, MakeOptimizer>> = {
  'momentum (Nesterov)': () => tf.train.momentum(0.05, 0.9, true),
  'rmsprop (momentum)': () => tf.train.rmsprop(0.01, 0.9, 0.5),
  'rmsprop (centred)': () => tf.train.rmsprop(0.01, 0.9, 0.1, 1e-14, true),
  'adam (large epsilon)': () => tf.train.adam(0.01, 0.8, 0.95, 0.1),
  'adamax (decay)': () => tf.train.adamax(0.01, 0.9, 0.999, 1e-7, 0.1),
};

describe('a compiled step trains like the eager one', function () {
  this.timeout(120_000);
  before(useEngine);

  for (const { subject, optimizer } of sample({ subject: cases, optimizer: Object.entries(optimizers) })) {
    const [name, make] = optimizer;
    it(`${subject.name}, ${name}: the same losses and weights over ${STEPS} steps`, () => {
      assertSameTraining(trainCompiled(subject, make, STEPS), trainEagerly(subject, make, STEPS));
    });
  }

  for (const [name, make] of Object.entries(settings))
    it(`${name}: the same losses and weights over ${STEPS} steps`, () => {
      assertSameTraining(trainCompiled(mlp, make, STEPS), trainEagerly(mlp, make, STEPS));
    });

  it('gradients clipped by their global norm', () => {
    const sgd: MakeOptimizer = () => tf.train.sgd(0.5);
    assertSameTraining(trainCompiled(cnn, sgd, STEPS, 0.1), trainEagerly(cnn, sgd, STEPS, 0.1));
  });
});
