import * as tf from '@tensorflow/tfjs';
import { useEngine } from '../lab/tensorflow';
import { assertSameTraining, trainCompiled, trainEagerly, type MakeOptimizer } from './harness';
import { cases, cnn, mlp } from './models';

const STEPS = 20;

const optimizers: Readonly<Record<string, MakeOptimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.9),
  'momentum (Nesterov)': () => tf.train.momentum(0.05, 0.9, true),
  rmsprop: () => tf.train.rmsprop(0.01),
  'rmsprop (momentum)': () => tf.train.rmsprop(0.01, 0.9, 0.5),
  'rmsprop (centred)': () => tf.train.rmsprop(0.01, 0.9, 0.1, 1e-14, true),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(1, 0.9),
  adam: () => tf.train.adam(0.01),
  'adam (large epsilon)': () => tf.train.adam(0.01, 0.8, 0.95, 0.1),
  adamax: () => tf.train.adamax(0.01),
  'adamax (decay)': () => tf.train.adamax(0.01, 0.9, 0.999, 1e-7, 0.1),
};

describe('a compiled step trains like the eager one', function () {
  this.timeout(120_000);
  before(useEngine);

  for (const subject of cases)
    it(`${subject.name}: the same losses over ${STEPS} steps`, () => {
      const adam: MakeOptimizer = () => tf.train.adam(0.005);
      assertSameTraining(trainCompiled(subject, adam, STEPS), trainEagerly(subject, adam, STEPS));
    });

  for (const [name, make] of Object.entries(optimizers))
    it(`${name}: the same losses and weights over ${STEPS} steps`, () => {
      assertSameTraining(trainCompiled(mlp, make, STEPS), trainEagerly(mlp, make, STEPS));
    });

  it('gradients clipped by their global norm', () => {
    const sgd: MakeOptimizer = () => tf.train.sgd(0.5);
    assertSameTraining(trainCompiled(cnn, sgd, STEPS, 0.1), trainEagerly(cnn, sgd, STEPS, 0.1));
  });
});
