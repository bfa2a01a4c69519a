/** Training steps and batches, on the real engine, against hand arithmetic and tfjs's own fit. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import type { Split } from '../../../src/lab/dataset';
import { SOLE } from '../../../src/lab/fields';
import { createRandom } from '../../../src/lab/random';
import { resolveLoss } from '../../../src/lab/resolve';
import { batchOf, epochRows, Rows, type Fields } from '../../../src/learning/training/batches';
import { FunctionalLearner } from '../../../src/learning/training/functionalLearner';
import { LayersLearner } from '../../../src/learning/training/layersLearner';
import { Executor } from '../../../src/learning/training/executor';
import type { Learner } from '../../../src/learning/training/learner';
import { Means } from '../../../src/learning/training/means';
import { objectiveOf } from '../../../src/learning/training/objective';
import { disposeOptimizer, learningRate, setLearningRate } from '../../../src/learning/training/optimizer';
import { scoped } from '../../../src/learning/training/scope';
import { useEngine } from '../lab/tensorflow';

const squaredError = objectiveOf([{ name: SOLE, loss: resolveLoss('meanSquaredError'), weight: 1, metrics: [] }]);

interface Trained {
  readonly learner: Learner;
  readonly executor: Executor;
}

function trained(learner: Learner, optimizer: tf.Optimizer, compile: boolean): Trained {
  return { learner, executor: new Executor(learner, optimizer, { seed: 1, compile }) };
}

function layers(model: tf.LayersModel, optimizer: tf.Optimizer, compile: boolean): Trained {
  return trained(new LayersLearner(model, squaredError, optimizer), optimizer, compile);
}

/** y = 2x + 1 as a 1 → 1 linear model with w = 3, b = 0. */
function line(optimizer: tf.Optimizer, compile = false): Trained {
  const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
  const initial = [tf.tensor2d([[3]]), tf.tensor1d([0])];
  model.setWeights(initial);
  tf.dispose(initial);
  return layers(model, optimizer, compile);
}

const forwardLine = (parameters: Record<string, tf.Tensor>, x: tf.Tensor): tf.Tensor =>
  x.matMul(parameters['w']!).add(parameters['b']!);

for (const compile of [false, true]) {
  describe(`a training step, ${compile ? 'compiled' : 'eager'}`, () => {
    before(useEngine);

    it('does what hand arithmetic does: loss, gradient and update of a line', () => {
      // x = 1, 2 with y = 3, 5: residuals 3x - y = 0, 1; loss 1/2; dL/dw = mean 2·r·x = 2, dL/db = mean 2·r = 1.
      // Then w = 2.8, b = -0.1: residuals -0.3, 0.5; loss 0.17; dL/dw = 0.7, dL/db = 0.2; and so on by the same rule.
      const { learner, executor } = line(tf.train.sgd(0.1), compile);
      const [x, y] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[3], [5]])];
      let [w, b] = [3, 0];
      for (let step = 1; step <= 6; step++) {
        const [r1, r2] = [w + b - 3, 2 * w + b - 5];
        const { values } = executor.step({ x, y }, step);
        assert.ok(Math.abs(values['loss']! - (r1 * r1 + r2 * r2) / 2) < 1e-6);
        w -= 0.1 * (r1 + 2 * r2);
        b -= 0.1 * (r1 + r2);
      }
      executor.sync();
      const [foundW, foundB] = learner.weights.map(({ tensor }) => tensor.dataSync()[0]!);
      assert.ok(Math.abs(foundW! - w) < 1e-6 && Math.abs(foundB! - b) < 1e-6);
    });

    it('equals tfjs trainOnBatch over ten steps, with a regulariser and batch normalisation', async () => {
      const make = (): tf.Sequential =>
        tf.sequential({
          layers: [
            tf.layers.dense({
              inputShape: [4],
              units: 8,
              activation: 'relu',
              kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
              kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
            }),
            tf.layers.batchNormalization(),
            tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 4 }) }),
          ],
        });
      const x = tf.randomNormal([16, 4], 0, 1, 'float32', 1);
      const y = tf.randomNormal([16, 1], 0, 1, 'float32', 2);
      const reference = make();
      reference.compile({ optimizer: tf.train.adam(0.05), loss: 'meanSquaredError' });
      const { executor } = layers(make(), tf.train.adam(0.05), compile);
      for (let step = 1; step <= 10; step++) {
        const expected = Number(await reference.trainOnBatch(x, y));
        const found = executor.step({ x, y }, step).values['loss']!;
        assert.ok(Math.abs(found - expected) < 1e-4 * Math.abs(expected), `step ${step}: ${found} and ${expected}`);
      }
    });

    it("with the learner's own gradients equals the one with autodiff", () => {
      const initial = (): Record<string, tf.Tensor> => ({ w: tf.tensor2d([[3]]), b: tf.tensor1d([0]) });
      const gradients = (
        parameters: Record<string, tf.Tensor>,
        x: tf.Tensor,
        y: tf.Tensor,
      ): Record<string, tf.Tensor> => {
        const residual = forwardLine(parameters, x)
          .sub(y)
          .mul(2 / x.shape[0]);
        return { w: x.transpose().matMul(residual), b: residual.sum(0) };
      };
      const functional = (own: boolean): Trained => {
        const optimizer = tf.train.adam(0.1);
        const experiment = own ? { forward: forwardLine, gradients } : { forward: forwardLine };
        return trained(new FunctionalLearner(experiment, initial(), squaredError, optimizer), optimizer, compile);
      };
      const [own, auto] = [functional(true), functional(false)];
      const [x, y] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[3], [5]])];
      for (let step = 1; step <= 20; step++) {
        const expected = auto.executor.step({ x, y }, step).values['loss']!;
        assert.ok(Math.abs(own.executor.step({ x, y }, step).values['loss']! - expected) < 1e-6);
      }
    });

    it('refuses gradients that do not have the shape of their parameter', () => {
      const optimizer = tf.train.sgd(1);
      const experiment = {
        forward: ({ w }: Record<string, tf.Tensor>, x: tf.Tensor) => x.matMul(w!),
        gradients: () => ({ w: tf.zeros([2, 2]) }),
      };
      const learner = new FunctionalLearner(experiment, { w: tf.ones([1, 1]) }, squaredError, optimizer);
      const { executor } = trained(learner, optimizer, compile);
      assert.throws(() => executor.step({ x: tf.ones([1, 1]), y: tf.ones([1, 1]) }, 1), {
        fault: { code: 'GRADIENT_SHAPE', parameter: 'w', expected: [1, 1], found: [2, 2] },
      });
    });

    for (const kind of ['layers', 'functional'] as const) {
      it(`leaks no tensor: after 200 steps there are as many as after the first ones (${kind})`, () => {
        const optimizer = tf.train.adam(0.01);
        const { executor } =
          kind === 'layers'
            ? layers(
                tf.sequential({
                  layers: [
                    tf.layers.dense({ inputShape: [3], units: 8, activation: 'relu' }),
                    tf.layers.batchNormalization(),
                    tf.layers.dropout({ rate: 0.5 }),
                    tf.layers.dense({ units: 1 }),
                  ],
                }),
                optimizer,
                compile,
              )
            : trained(
                new FunctionalLearner(
                  { forward: ({ w }, x) => x.matMul(w!).relu() },
                  { w: tf.randomNormal([3, 1]) },
                  squaredError,
                  optimizer,
                ),
                optimizer,
                compile,
              );
        const x = tf.randomNormal([8, 3]);
        const y = tf.randomNormal([8, 1]);
        // Compiled, the first steps are recorded and checked, and evaluation and prediction are compiled as well.
        const settled = compile ? 8 : 2;
        let count = 0;
        for (let step = 1; step <= 200; step++) {
          executor.step({ x, y }, step);
          executor.evaluate({ x, y });
          tf.dispose(executor.predict(x));
          if (step === settled) count = tf.memory().numTensors;
        }
        assert.equal(tf.memory().numTensors, count);
      });
    }

    it('whose loss is not finite leaves the weights as they were and names the layer', () => {
      const weight = (value: number): tf.Tensor[] => [tf.tensor2d([[value]])];
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ inputShape: [1], units: 1, useBias: false, name: 'fine', weights: weight(1) }),
          tf.layers.dense({ units: 1, useBias: false, name: 'overflows', weights: weight(3e38) }),
          // Small, so that no gradient overflows as well.
          tf.layers.dense({ units: 1, useBias: false, name: 'after', weights: weight(0.1) }),
        ],
      });
      const { learner, executor } = layers(model, tf.train.sgd(1e-30), compile);
      for (let step = 1; step <= 5; step++) executor.step({ x: tf.tensor2d([[0]]), y: tf.tensor2d([[1]]) }, step);
      const { nonFinite } = executor.step({ x: tf.tensor2d([[10]]), y: tf.tensor2d([[1]]) }, 6);
      assert.deepEqual(nonFinite, { layer: 'overflows', what: 'output' });
      assert.equal(learner.weights[0]!.tensor.dataSync()[0], 1);
      const broken = executor.step({ x: tf.tensor2d([[Number.NaN]]), y: tf.tensor2d([[1]]) }, 7);
      assert.deepEqual(broken.nonFinite, { what: 'input' });
    });

    it('frees everything with its learner and optimizer', () => {
      const before = tf.memory().numTensors;
      for (const make of [
        () => tf.train.sgd(1e-3),
        () => tf.train.momentum(1e-3, 0.9),
        () => tf.train.adam(1e-3),
        () => tf.train.adamax(1e-3),
        () => tf.train.rmsprop(1e-3),
        () => tf.train.adagrad(1e-3),
        () => tf.train.adadelta(1e-3),
      ]) {
        const optimizer: tf.Optimizer = (make as () => tf.Optimizer)();
        const { learner, executor } = scoped(() => line(optimizer, compile));
        const [x, y] = [tf.ones([1, 1]), tf.ones([1, 1])];
        for (let step = 1; step <= 5; step++) executor.step({ x, y }, step);
        tf.dispose([x, y]);
        executor.dispose();
        learner.dispose();
        disposeOptimizer(optimizer);
      }
      // SGD and momentum keep constants (the rate; the momentum) that tfjs gives no way to free.
      assert.ok(tf.memory().numTensors - before <= 4, `${tf.memory().numTensors - before} tensors left`);
    });

    for (const [name, make] of Object.entries({
      sgd: () => tf.train.sgd(0.1),
      momentum: () => tf.train.momentum(0.1, 0),
      adagrad: () => tf.train.adagrad(0.1),
      adam: () => tf.train.adam(0.1),
      adamax: () => tf.train.adamax(0.1),
      rmsprop: () => tf.train.rmsprop(0.1),
    })) {
      it(`hears a new learning rate in the very next step (${name})`, () => {
        const moved = (changed: number): number => {
          const optimizer: tf.Optimizer = (make as () => tf.Optimizer)();
          const { learner, executor } = line(optimizer, compile);
          const weight = (): number => {
            executor.sync();
            return learner.weights[0]!.tensor.dataSync()[0]!;
          };
          const [x, y] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[3], [5]])];
          for (let step = 1; step <= 5; step++) executor.step({ x, y }, step);
          const start = weight();
          setLearningRate(optimizer, changed);
          executor.step({ x, y }, 6);
          assert.equal(learningRate(optimizer), changed);
          return weight() - start;
        };
        assert.ok(Math.abs(moved(0.2) / moved(0.1) - 2) < 1e-3);
      });
    }
  });
}

describe('batches', () => {
  before(useEngine);

  /** The rows as a step sees them. */
  function batch(split: Split, shape: Fields, rows: number[]): { x: tf.Tensor; y: tf.Tensor } {
    const held = new Rows(split, shape);
    try {
      return tf.tidy(() => batchOf(held.feeds(Int32Array.from(rows)))) as { x: tf.Tensor; y: tf.Tensor };
    } finally {
      held.dispose();
    }
  }

  it('scale bytes to 0..1, keep floats, and follow the order given', () => {
    const shape = { inputShape: [2], targetShape: [], classes: [] };
    const bytes = { length: 3, x: Uint8Array.of(0, 51, 102, 153, 204, 255), y: Int32Array.of(7, 8, 9) };
    const scaled = batch(bytes, shape, [2, 0]);
    assert.deepEqual([...scaled.x.dataSync()], [...Float32Array.of(204 / 255, 1, 0, 51 / 255)]);
    assert.equal(scaled.x.dtype, 'float32');
    assert.deepEqual([...scaled.y.dataSync()], [9, 7]);
    const floats = batch({ ...bytes, x: Float32Array.of(-1, 2, 3, 4, 5, 300) }, shape, [2, 0]);
    assert.deepEqual([...floats.x.dataSync()], [5, 300, -1, 2]);
  });

  it('have the shapes of inputs and targets', () => {
    const split = { length: 2, x: Uint8Array.from({ length: 24 }, (_, i) => i), y: Float32Array.of(1, 2, 3, 4) };
    const { x, y } = batch(split, { inputShape: [2, 2, 3], targetShape: [2], classes: [] }, [1]);
    assert.deepEqual(
      [x.shape, y.shape],
      [
        [1, 2, 2, 3],
        [1, 2],
      ],
    );
    assert.deepEqual([...y.dataSync()], [3, 4]);
    assert.ok(Math.abs(x.dataSync()[0]! - 12 / 255) < 1e-7);
  });

  it('trained on by number, compiled, give what the same batches give eagerly, the smaller last one included', () => {
    const split = {
      length: 10,
      x: Uint8Array.from({ length: 40 }, (_, i) => (i * 83) % 256),
      y: Float32Array.from({ length: 10 }, (_, i) => Math.sin(i)),
    };
    const shape = { inputShape: [4], targetShape: [1], classes: [] };
    const losses = (compile: boolean, byNumber: boolean): number[] => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ inputShape: [4], units: 3, activation: 'tanh', kernelInitializer: 'ones' }),
          tf.layers.dense({ units: 1, kernelInitializer: 'ones' }),
        ],
      });
      const { learner, executor } = layers(model, tf.train.sgd(0.1), compile);
      const held = new Rows(split, shape);
      const found: number[] = [];
      for (let step = 1; step <= 30; step++) {
        const order = [(step * 3) % 10, (step * 7) % 10, (step * 9) % 10, 4].slice(step % 3 === 0 ? 2 : 0);
        const feeds = held.feeds(Int32Array.from(order));
        const plain = tf.tidy(() => batchOf(feeds));
        found.push(executor.step(byNumber ? feeds : plain, step).values['loss']!);
        tf.dispose([plain['x']!, plain['y']!]);
        Rows.release(feeds);
      }
      executor.dispose();
      learner.dispose();
      held.dispose();
      return found;
    };
    const expected = losses(false, false);
    assert.deepEqual(losses(false, true), expected);
    losses(true, true).forEach((loss, step) => {
      assert.ok(Math.abs(loss - expected[step]!) < 1e-5, `step ${step}: ${loss}, expected ${expected[step]}`);
    });
    assert.ok(expected.at(-1)! < expected[0]!);
  });

  it('weight each row in the loss of training and evaluation', () => {
    const split: Split = {
      length: 4,
      x: Float32Array.of(0, 1, 2, 3),
      y: Float32Array.of(0, 0, 0, 0),
      weights: Float32Array.of(0, 1, 2, 3),
    };
    for (const compile of [false, true]) {
      // y = 3x: errors 0, 3, 6, 9.
      const { learner, executor } = line(tf.train.sgd(0), compile);
      const rows = new Rows(split, { inputShape: [1], targetShape: [1], classes: [] });
      const before = tf.memory().numTensors;
      for (let step = 1; step <= 12; step++) {
        const feeds = rows.feeds(Int32Array.of(3, 1));
        const expected = (3 * 81 + 1 * 9) / 2;
        assert.equal(executor.step(feeds, step).values['loss'], expected);
        assert.equal(executor.evaluate(feeds).values()['loss'], expected);
        Rows.release(feeds);
      }
      assert.equal(tf.memory().numTensors, before);
      rows.dispose();
      executor.dispose();
      learner.dispose();
    }
  });

  it('are shuffled into a permutation that only the seed decides', () => {
    const order = epochRows({ length: 1000, perEpoch: undefined }, createRandom(5));
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      [...Array(1000).keys()],
    );
    assert.deepEqual(epochRows({ length: 1000, perEpoch: undefined }, createRandom(5)), order);
    assert.notDeepEqual(epochRows({ length: 1000, perEpoch: undefined }, createRandom(6)), order);
  });

  it("count by their size in an epoch's means", () => {
    const means = new Means();
    means.add(Means.ofBatch({ loss: 1 }, () => 3));
    means.add(Means.ofBatch({ loss: 5 }, () => 1));
    assert.deepEqual(means.values(), { loss: 2 });
  });
});
