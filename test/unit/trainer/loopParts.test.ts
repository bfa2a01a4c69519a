/** What the training loop leans on beside its steps: random numbers, early stopping, the clock, the control. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { Control } from '../../../src/learning/training/control';
import { Randomness } from '../../../src/learning/training/randomness';
import { Stopping } from '../../../src/learning/training/stopping';
import { Stopwatch } from '../../../src/learning/training/stopwatch';
import { useEngine } from '../lab/tensorflow';

describe('randomness', () => {
  before(useEngine);

  it("of initialisers and dropout follows the run's seed, and Math.random is given back", () => {
    const original = Math.random;
    const draw = (seed: number): number[] =>
      new Randomness(seed).during(() => [
        ...tf.randomUniform([4]).dataSync(),
        ...tf.dropout(tf.ones([8]), 0.5).dataSync(),
      ]);
    assert.deepEqual(draw(1), draw(1));
    assert.notDeepEqual(draw(1), draw(2));
    assert.equal(Math.random, original);
    assert.throws(() =>
      new Randomness(1).during(() => {
        throw new Error('x');
      }),
    );
    assert.equal(Math.random, original);
  });

  it('continues where its saved state was', () => {
    const one = new Randomness(7);
    one.during(() => Math.random());
    const state = one.state();
    const next = one.during(() => Math.random());
    const other = new Randomness(8);
    other.restore(state);
    assert.equal(
      other.during(() => Math.random()),
      next,
    );
  });
});

describe('early stopping', () => {
  it('waits `patience` epochs without a lower val_loss', () => {
    const stopping = new Stopping({ patience: 2 });
    assert.deepEqual(
      [3, 2, 2.5, 1.9, 1.95, 2].map((val_loss) => stopping.afterEpoch({ val_loss })),
      [undefined, undefined, undefined, undefined, undefined, 'noImprovement'],
    );
  });

  it('reaches targets from below and from above', () => {
    assert.equal(
      new Stopping({ target: { metric: 'val_accuracy', atLeast: 0.9 } }).afterEpoch({ val_accuracy: 0.9 }),
      'targetReached',
    );
    assert.equal(new Stopping({ target: { metric: 'loss', atMost: 0.1 } }).afterEpoch({ loss: 0.11 }), undefined);
  });
});

describe("the run's clock", () => {
  it('leaves pauses out', () => {
    let now = 0;
    const watch = new Stopwatch(() => now);
    watch.startFrom(10);
    watch.start();
    now = 2000;
    watch.pause();
    now = 60_000;
    assert.equal(watch.seconds, 12);
    watch.start();
    now = 61_000;
    assert.equal(watch.seconds, 13);
  });
});

describe("the run's control", () => {
  it('releases whoever waits for a step when the run ends', async () => {
    const control = new Control(() => undefined);
    control.pause();
    const step = control.step();
    control.end();
    await step;
  });
});
