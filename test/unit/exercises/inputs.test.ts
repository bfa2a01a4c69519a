/** What a check gives to a learner's function, in whatever it lies. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { CheckFailure } from '../../../src/lab/grading/failure';
import { keepingInputs } from '../../../src/trainer/grading/inputs';
import { useEngine } from '../lab/tensorflow';

type Learner = (...args: unknown[]) => unknown;

describe('an input that a learner frees', () => {
  before(useEngine);

  const argumentOf = (answer: (...args: never[]) => unknown, ...args: unknown[]): string | undefined => {
    try {
      (keepingInputs(answer) as Learner)(...args);
      return undefined;
    } catch (error) {
      assert.ok(error instanceof CheckFailure);
      return error.data.input;
    } finally {
      tf.dispose(args as tf.TensorContainer);
    }
  };

  it('is found in lists, objects and models', () => {
    const free = (_: unknown, inputs: tf.TensorContainer): void => {
      tf.dispose(inputs);
    };
    assert.equal(argumentOf(free, 1, tf.zeros([2])), 'argument 2, shape [2]');
    assert.equal(argumentOf(free, 1, [tf.zeros([1]), tf.zeros([3])]), 'argument 2, shape [1]');
    assert.equal(argumentOf(free, 1, { w: tf.zeros([4]) }), 'argument 2, shape [4]');
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [5] })] });
    const end = (given: tf.LayersModel): unknown => given.dispose();
    assert.equal(argumentOf(end, model), 'argument 1, shape [5, 1]');
  });

  it('is none where all live on, were freed before, or the learner made them', () => {
    const before = tf.zeros([1]);
    before.dispose();
    const own = (x: tf.Tensor): void => {
      tf.neg(x).dispose();
    };
    assert.equal(argumentOf(own, tf.zeros([1]), before), undefined);
  });

  it('leaves results, values and what the learner throws as they are', () => {
    const sum = keepingInputs((a: number, b: number) => a + b) as Learner;
    assert.equal(sum(1, 2), 3);
    assert.equal(keepingInputs(0.5), 0.5);
    const thrown = new Error('mine');
    const throws = keepingInputs(() => {
      throw thrown;
    }) as Learner;
    assert.throws(throws, thrown);
  });
});
