/** Compiled steps on WebAssembly: the same trainings as eager ones, with the same random numbers, and nothing left behind. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { NotFiniteError, StepCompiler, type CompiledFunction } from '../../src/learning/compile';
import { sample } from '../support/sample';
import { assertSameTraining, trainCompiled, trainEagerly, type MakeOptimizer } from '../unit/compile/harness';
import { cases, cnn, mlp, trainStep } from '../unit/compile/models';
import { optimizers, settings } from '../unit/compile/optimizers';
import { useWasm } from './engine';

const STEPS = 12;

const close = (found: number, expected: number): void => {
  assert.ok(Math.abs(found - expected) < 1e-5, `${String(found)} is not ${String(expected)}`);
};

describe('compiled steps on WebAssembly', function () {
  this.timeout(240_000);
  before(useWasm);

  for (const { subject, optimizer } of sample({ subject: cases, optimizer: Object.entries(optimizers) })) {
    const [name, make] = optimizer;
    it(`train like eager ones: ${subject.name}, ${name}`, () => {
      assertSameTraining(trainCompiled(subject, make, STEPS), trainEagerly(subject, make, STEPS));
    });
  }

  for (const [name, make] of Object.entries(settings))
    it(`train like eager ones: ${name}`, () => {
      assertSameTraining(trainCompiled(mlp, make, STEPS), trainEagerly(mlp, make, STEPS));
    });

  it('clip gradients by their global norm', () => {
    const sgd: MakeOptimizer = () => tf.train.sgd(0.5);
    assertSameTraining(trainCompiled(cnn, sgd, STEPS, 0.1), trainEagerly(cnn, sgd, STEPS, 0.1));
  });

  it('leave no tensor and no data behind, over 2,000 steps with evaluations and pulls between them', () => {
    const model = mlp.model();
    const optimizer = tf.train.adam(0.01);
    const compiler = new StepCompiler({ seed: 1 });
    const train = compiler.compile(trainStep(model, optimizer, mlp.loss), { optimizer, finite: 'loss' });
    const evaluate = compiler.compile(({ x }) => ({ y: model.apply(tf.dropout(x!, 0.1)) as tf.Tensor }));
    const feeds = mlp.feeds(0);
    const step = (i: number): void => {
      train.run(feeds, { step: i })['loss']!.dispose();
      if (i % 50 === 0) evaluate.run({ x: feeds['x']! }, { step: i })['y']!.dispose();
      if (i % 70 === 0) compiler.pull();
    };
    const count = (): readonly number[] => {
      compiler.pull();
      return [tf.memory().numTensors, tf.memory().numDataBuffers, tf.backend().numDataIds()];
    };
    const start = count();
    let i = 0;
    while (i < 300) step(i++);
    const before = count();
    while (i < 2000) step(i++);
    assert.deepEqual(count(), before);
    assert.deepEqual([train.state.kind, evaluate.state.kind], ['compiled', 'compiled']);
    compiler.dispose();
    tf.dispose([feeds['x']!, feeds['y']!]);
    model.dispose();
    optimizer.dispose();
    // What is left is what was there: the model, its feeds and the optimizer came after `start` only in part.
    assert.ok(tf.backend().numDataIds() <= start[2]!, `${String(tf.backend().numDataIds())} of ${String(start[2])}`);
  });

  /** One weight w, loss (w · x - 1)² averaged: by hand w ← w - rate · 2 (w - 1) for x = 1. */
  describe('of one weight', () => {
    let weight: tf.Variable;
    let optimizer: tf.SGDOptimizer;
    let compiler: StepCompiler;
    let train: CompiledFunction;
    let count = 0;
    const step = (...values: number[]): number => {
      const x = tf.tensor1d(values.length === 0 ? [1, 1] : values);
      const { loss } = train.run({ x }, { step: count++ });
      const [value] = loss!.dataSync();
      tf.dispose([x, loss!]);
      return value!;
    };
    const value = (): number => {
      compiler.pull();
      return weight.dataSync()[0]!;
    };
    const byHand = (from: number, rate: number): number => from - rate * 2 * (from - 1);
    beforeEach(() => {
      weight = tf.variable(tf.scalar(0));
      optimizer = tf.train.sgd(0.1);
      compiler = new StepCompiler({ seed: 1 });
      train = compiler.compile(
        ({ x }) => {
          const loss = (): tf.Scalar => tf.mean(tf.square(tf.sub(tf.mul(weight, x!), 1))).asScalar();
          const { value: found, grads } = tf.variableGrads(loss, [weight]);
          optimizer.applyGradients(grads);
          return { loss: found };
        },
        { optimizer, finite: 'loss' },
      );
      for (let i = 0; i < 6; i++) step();
      assert.equal(train.state.kind, 'compiled');
    });
    afterEach(() => {
      compiler.dispose();
      tf.dispose(weight);
      optimizer.dispose();
    });

    it('take another learning rate at once, without compiling again', () => {
      let expected = value();
      for (const rate of [0.5, 0.01, 0.3, 0]) {
        optimizer.setLearningRate(rate);
        step();
        expected = byHand(expected, rate);
        close(value(), expected);
      }
    });

    it('start from a value that was assigned from outside', () => {
      weight.assign(tf.scalar(5));
      close(step(), 16);
      close(value(), byHand(5, 0.1));
      step();
      weight.assign(tf.scalar(-1));
      compiler.pull();
      assert.equal(weight.dataSync()[0], -1);
    });

    it('change nothing where the loss is not finite, and go on', () => {
      const before = value();
      const { iterations } = optimizer;
      const data = tf.backend().numDataIds();
      assert.throws(() => step(NaN, 1), NotFiniteError);
      assert.equal(tf.backend().numDataIds() - data, 1, 'the feed of the failed step alone');
      assert.equal(value(), before);
      assert.equal(optimizer.iterations, iterations);
      step();
      close(value(), byHand(before, 0.1));
    });
  });

  it('stay eager where the step reads values in JavaScript', () => {
    const weight = tf.variable(tf.scalar(1));
    const compiler = new StepCompiler({ seed: 1 });
    const step = compiler.compile(({ x }) => ({ y: tf.mul(weight, x!.dataSync()[0]! > 0 ? 2 : 3) }));
    for (const [x, expected] of [
      [1, 2],
      [-1, 3],
      [1, 2],
    ] as const) {
      const feed = tf.tensor1d([x]);
      const { y } = step.run({ x: feed }, { step: 0 });
      assert.equal(y!.dataSync()[0], expected);
      tf.dispose([feed, y!]);
    }
    assert.equal(step.state.kind === 'eager' && step.state.refusal.code, 'readsData');
    compiler.dispose();
    weight.dispose();
  });
});
