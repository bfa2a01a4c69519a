/** Optimizers that are not as tfjs made them are recorded as they are, and every optimizer counts its steps. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { isOwn } from '../../../src/learning/compile/optimizers';
import { useEngine } from '../lab/tensorflow';
import { assertSameTraining, trainCompiled, trainEagerly, type MakeOptimizer } from './harness';
import { mlp } from './models';

const STEPS = 20;

/** A subclass that changes what an update is: the gradients are halved. */
class Halved extends tf.SGDOptimizer {
  override applyGradients(gradients: tf.NamedTensorMap): void {
    super.applyGradients(Object.fromEntries(Object.entries(gradients).map(([name, value]) => [name, value.div(2)])));
  }
}

class Plain extends tf.AdamOptimizer {}

/** An optimizer around another, which counts for itself. */
class Around extends tf.Optimizer {
  static readonly className = 'Around';
  readonly learningRate = 0.1;
  constructor(readonly inner: tf.Optimizer) {
    super();
  }
  override applyGradients(gradients: tf.NamedTensorMap): void {
    this.inner.applyGradients(gradients);
    this.incrementIterations();
  }
  getConfig(): Record<string, never> {
    return {};
  }
}

function replaced(): tf.Optimizer {
  const optimizer = tf.train.sgd(0.2);
  const apply = optimizer.applyGradients.bind(optimizer);
  optimizer.applyGradients = (gradients) => {
    apply(Object.fromEntries(Object.entries(gradients as tf.NamedTensorMap).map(([name, g]) => [name, g.mul(0.1)])));
  };
  return optimizer;
}

describe('an optimizer of somebody’s own', function () {
  this.timeout(60_000);
  before(useEngine);

  const own: Readonly<Record<string, MakeOptimizer>> = {
    'a subclass that changes the update': () => new Halved(0.3),
    'a subclass that changes nothing': () => new Plain(0.01, 0.9, 0.999, 1e-7),
    'applyGradients replaced on the instance': replaced,
    'one around another': () => new Around(tf.train.momentum(0.05, 0.9)),
  };
  for (const [name, make] of Object.entries(own))
    it(`${name}: compiled, with the same losses, weights and iterations as eager`, () => {
      const eager = trainEagerly(mlp, make, STEPS);
      assert.equal(eager.iterations, STEPS);
      assertSameTraining(trainCompiled(mlp, make, STEPS), eager);
    });

  it('its replaced method is not taken for the one of tfjs', () => {
    assert.equal(isOwn(tf.train.sgd(0.2)), true);
    assert.equal(isOwn(replaced()), false);
    assert.equal(isOwn(new Plain(0.01, 0.9, 0.999, 1e-7)), false);
  });

  it('an optimizer inside another counts too', () => {
    const inner = tf.train.momentum(0.05, 0.9);
    trainCompiled(mlp, () => new Around(inner), STEPS);
    assert.equal(inner.iterations, STEPS);
    inner.dispose();
  });

  it('a field that is set between two steps counts from the next step on', () => {
    const make = (): [MakeOptimizer, tf.MomentumOptimizer] => {
      const optimizer = tf.train.momentum(0.05, 0.5);
      return [() => optimizer, optimizer];
    };
    const train = (how: typeof trainCompiled): readonly number[] => {
      const [, optimizer] = make();
      const subject = {
        ...mlp,
        feeds: (step: number) => {
          if (step === 12) Object.assign(optimizer, { useNesterov: true });
          return mlp.feeds(step);
        },
      };
      return how(subject, () => optimizer, STEPS).losses;
    };
    const eager = train(trainEagerly);
    train(trainCompiled).forEach((loss, step) => {
      assert.ok(Math.abs(loss - eager[step]!) < 1e-5, `step ${step}`);
    });
  });
});
