import * as tf from '@tensorflow/tfjs';
import { sample } from '../../support/sample';
import { useEngine } from '../lab/tensorflow';
import { assertSameTraining, trainCompiled, trainEagerly, type MakeOptimizer } from './harness';
import { cases, cnn, mlp } from './models';
import { optimizers, settings } from './optimizers';

const STEPS = 20;

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
