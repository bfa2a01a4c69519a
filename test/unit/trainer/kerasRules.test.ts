/** Where tfjs differs from Keras, the lab's training does as Keras does: against hand arithmetic, eager and compiled. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { resolveLoss } from '../../../src/lab/resolve';
import { applyModel } from '../../../src/learning/training/applyModel';
import { Executor } from '../../../src/learning/training/executor';
import { FunctionalLearner } from '../../../src/learning/training/functionalLearner';
import { SOLE } from '../../../src/lab/fields';
import { answerOf } from '../../../src/learning/training/batch';
import { LayersLearner } from '../../../src/learning/training/layersLearner';
import { objectiveOf } from '../../../src/learning/training/objective';
import { disposeOptimizer } from '../../../src/learning/training/optimizer';
import { scoped } from '../../../src/learning/training/scope';
import { useEngine } from '../lab/tensorflow';

const STEPS = 20;
const squaredError = objectiveOf([{ name: SOLE, loss: resolveLoss('meanSquaredError'), weight: 1, metrics: [] }]);

/** The numbers of a tensor that is read once. */
const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

function near(found: number, expected: number, what: string, tolerance = 1e-4): void {
  assert.ok(
    Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${what}: ${found}, ${expected}`,
  );
}

/** Trains on the feeds and gives the losses and the last weights; everything is freed. */
function train(
  model: tf.LayersModel,
  optimizer: tf.Optimizer,
  feeds: (step: number) => { x: tf.Tensor; y: tf.Tensor },
  compile: boolean,
): { losses: number[]; weights: number[][]; names: string[] } {
  const learner = new LayersLearner(model, squaredError, optimizer);
  const executor = new Executor(learner, optimizer, { seed: 1, compile });
  const losses = Array.from({ length: STEPS }, (_, step) => {
    const batch = feeds(step);
    const { values } = executor.step(batch, step + 1);
    tf.dispose(batch);
    return values['loss']!;
  });
  executor.sync();
  const weights = learner.weights.map(({ tensor }) => numbers(tensor));
  const names = learner.weights.map(({ name }) => name);
  executor.dispose();
  learner.dispose();
  disposeOptimizer(optimizer);
  return { losses, weights, names };
}

/** x and y of four rows, another for each step. */
const batch = (step: number): { x: number[]; y: number[] } => {
  const x = [0, 1, 2, 3].map((i) => 0.2 + 0.2 * i + 0.05 * (step % 5));
  return { x, y: x.map((value) => 10 * value) };
};
const column = (step: number): { x: tf.Tensor; y: tf.Tensor } => {
  const { x, y } = batch(step);
  return { x: tf.tensor2d(x, [4, 1]), y: tf.tensor2d(y, [4, 1]) };
};

for (const compile of [false, true]) {
  describe(`as in Keras, ${compile ? 'compiled' : 'eager'}`, () => {
    before(useEngine);

    it('a constraint holds after each update: w = 2 at most, as Keras ends', () => {
      const before = tf.memory().numTensors;
      const dense = tf.layers.dense({
        inputShape: [1],
        units: 1,
        useBias: false,
        kernelInitializer: 'ones',
        kernelConstraint: 'maxNorm',
      });
      const { losses, weights } = train(tf.sequential({ layers: [dense] }), tf.train.sgd(0.5), column, compile);
      let w = 1;
      for (let step = 0; step < STEPS; step++) {
        const { x, y } = batch(step);
        const errors = x.map((value, i) => w * value - y[i]!);
        near(losses[step]!, errors.reduce((sum, e) => sum + e * e, 0) / 4, `loss ${step}`);
        w -= 0.5 * (errors.reduce((sum, e, i) => sum + 2 * e * x[i]!, 0) / 4);
        // Keras: w · min(|w|, 2) / (ε + |w|)
        w *= Math.min(Math.abs(w), 2) / (1e-7 + Math.abs(w));
      }
      near(w, 2, 'hand arithmetic');
      near(weights[0]![0]!, w, 'w');
      assert.equal(tf.memory().numTensors, before);
    });

    it('frozen batch normalisation uses its averages and leaves them alone', () => {
      const frozen = tf.layers.batchNormalization({ inputShape: [1] });
      frozen.trainable = false;
      const dense = tf.layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' });
      const model = tf.sequential({ layers: [frozen, dense] });
      const { losses, weights, names } = train(model, tf.train.sgd(0.1), column, compile);
      // Mean 0, variance 1, ε 0.001: the layer divides by the root of 1.001.
      const scale = 1 / Math.sqrt(1.001);
      let w = 1;
      for (let step = 0; step < STEPS; step++) {
        const { x, y } = batch(step);
        const errors = x.map((value, i) => w * scale * value - y[i]!);
        near(losses[step]!, errors.reduce((sum, e) => sum + e * e, 0) / 4, `loss ${step}`);
        w -= 0.1 * (errors.reduce((sum, e, i) => sum + 2 * e * scale * x[i]!, 0) / 4);
      }
      const moving = names.flatMap((name, i) => (name.includes('moving') ? weights[i]! : []));
      assert.deepEqual(moving, [0, 1]);
    });

    for (const place of ['first', 'later'] as const) {
      it(`a frozen model freezes its layers, batch normalisation too (${place})`, () => {
        const inner = tf.sequential({
          layers: [tf.layers.dense({ inputShape: [1], units: 1 }), tf.layers.batchNormalization()],
        });
        inner.trainable = false;
        const last = tf.layers.dense({ units: 1 });
        const layers =
          place === 'first' ? [inner, last] : [tf.layers.dense({ inputShape: [1], units: 1 }), inner, last];
        const model = tf.sequential({ layers });
        const start = new Map(inner.weights.map((weight) => [weight.originalName, numbers(weight.read())]));
        assert.equal(start.size, 6);
        const { weights, names } = train(model, tf.train.sgd(0.001), column, compile);
        for (const [name, values] of start) assert.deepEqual(weights[names.indexOf(name)], values, name);
      });
    }

    it('a model that is thawed trains its layers again', () => {
      const inner = tf.sequential({ layers: [tf.layers.batchNormalization({ inputShape: [1] })] });
      inner.trainable = false;
      inner.trainable = true;
      const model = tf.sequential({ layers: [inner, tf.layers.dense({ units: 1 })] });
      const { weights, names } = train(model, tf.train.sgd(0.1), column, compile);
      assert.notDeepEqual(weights[names.findIndex((name) => name.includes('moving_mean'))], [0]);
    });

    it('layers inside a layer are trained as if they stood in the model', () => {
      const before = tf.memory().numTensors;
      const make = (): tf.layers.Layer[] => [
        tf.layers.dense({
          units: 3,
          activation: 'tanh',
          kernelInitializer: tf.initializers.glorotUniform({ seed: 5 }),
        }),
        tf.layers.dense({
          units: 2,
          kernelInitializer: tf.initializers.glorotUniform({ seed: 6 }),
          kernelRegularizer: tf.regularizers.l2({ l2: 0.1 }),
          kernelConstraint: 'maxNorm',
        }),
      ];
      class Block extends tf.layers.Layer {
        static readonly className = 'KerasRulesBlock';
        private readonly inner = make();
        override computeOutputShape(shape: tf.Shape): tf.Shape {
          return [shape[0] ?? null, 2];
        }
        override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
          const first = (Array.isArray(x) ? x[0] : x)!;
          return this.inner.reduce((y, layer) => layer.apply(y) as tf.Tensor, first);
        }
      }
      const last = (): tf.layers.Layer =>
        tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 7 }) });
      const input = (): tf.layers.Layer => tf.layers.inputLayer({ inputShape: [1] });
      const nested = tf.sequential({ layers: [input(), new Block({}), last()] });
      const plain = tf.sequential({ layers: [input(), ...make(), last()] });
      const found = train(nested, tf.train.adam(0.05), column, compile);
      const expected = train(plain, tf.train.adam(0.05), column, compile);
      found.losses.forEach((loss, step) => {
        near(loss, expected.losses[step]!, `loss ${step}`, 1e-3);
      });
      // The model's own weights come first, then those inside.
      const sizes = (weights: number[][]): number[] => weights.map(({ length }) => length).sort();
      assert.deepEqual(sizes(found.weights), sizes(expected.weights));
      assert.equal(tf.memory().numTensors, before);
    });

    it('a layer inside a frozen layer is saved and not trained', () => {
      class Keeper extends tf.layers.Layer {
        static readonly className = 'KerasRulesKeeper';
        private readonly inner = tf.layers.dense({ units: 1, kernelInitializer: 'ones' });
        override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
          return this.inner.apply(x) as tf.Tensor;
        }
      }
      const keeper = new Keeper({});
      keeper.trainable = false;
      const model = tf.sequential({
        layers: [tf.layers.inputLayer({ inputShape: [1] }), keeper, tf.layers.dense({ units: 1 })],
      });
      const { weights } = train(model, tf.train.sgd(0.1), column, compile);
      assert.deepEqual(weights.slice(2), [[1], [0]]);
    });

    it('a loss that is not finite is traced through a model inside the model', () => {
      const inner = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
      const shared = tf.layers.dense({ units: 1, kernelInitializer: 'ones', name: 'shared' });
      const input = tf.input({ shape: [1] });
      const twice = shared.apply(shared.apply(inner.apply(input))) as tf.SymbolicTensor;
      class Log extends tf.layers.Layer {
        static readonly className = 'KerasRulesLog';
        override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
          return tf.log(tf.neg(tf.add(tf.abs((Array.isArray(x) ? x[0] : x)!), 1)));
        }
      }
      const output = new Log({ name: 'log' });
      const model = tf.model({ inputs: input, outputs: output.apply(twice) as tf.SymbolicTensor });
      const optimizer = tf.train.sgd(0.1);
      const learner = new LayersLearner(model, squaredError, optimizer);
      const executor = new Executor(learner, optimizer, { seed: 1, compile });
      const feeds = column(0);
      assert.deepEqual(executor.step(feeds, 1).nonFinite, { layer: 'log', what: 'output' });
      tf.dispose(feeds);
      executor.dispose();
      learner.dispose();
    });

    it('a gradient that is not finite changes nothing, and is named', () => {
      const before = tf.memory().numTensors;
      const optimizer = tf.train.adam(0.1);
      const learner = scoped(
        () =>
          new FunctionalLearner(
            { forward: ({ v, w }, x) => tf.add(tf.norm(tf.mul(x, w!), 2, 1, true), v!) },
            { v: tf.scalar(1), w: tf.scalar(1.5) },
            squaredError,
            optimizer,
          ),
      );
      const executor = new Executor(learner, optimizer, { seed: 1, compile });
      const step = (x: number, index: number): ReturnType<Executor['step']> => {
        const feeds = { x: tf.tensor2d([x, x], [2, 1]), y: tf.tensor2d([1, 1], [2, 1]) };
        const outcome = executor.step(feeds, index);
        tf.dispose(feeds);
        return outcome;
      };
      for (let i = 1; i <= 6; i++) assert.equal(step(0.5, i).nonFinite, undefined);
      executor.sync();
      const state = (): number[] => [...learner.weights.flatMap(({ tensor }) => numbers(tensor)), optimizer.iterations];
      const kept = state();
      const { nonFinite, values } = step(0, 7);
      assert.equal(nonFinite?.what, 'gradient');
      assert.equal(nonFinite.parameter, 'w');
      assert.ok(Number.isFinite(values['loss']) && values['loss'] === nonFinite.loss);
      executor.sync();
      assert.deepEqual(state(), kept);
      // The next one goes on from there.
      assert.equal(step(0.5, 7).nonFinite, undefined);
      executor.dispose();
      learner.dispose();
      disposeOptimizer(optimizer);
      assert.equal(tf.memory().numTensors, before);
    });
  });
}

describe('a model built for a fixed number of rows', () => {
  before(useEngine);
  for (const rows of [1, 3, 4, 8, 11]) {
    it(`answers for ${rows} rows as one that takes any number`, () => {
      tf.tidy(() => {
        const make = (shape: object): tf.LayersModel =>
          tf.sequential({
            layers: [
              tf.layers.dense({ ...shape, units: 2, kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) }),
            ],
          });
        const [fixed, free] = [make({ batchInputShape: [4, 3] }), make({ inputShape: [3] })];
        const x = tf.randomNormal([rows, 3], 0, 1, 'float32', 2);
        const answer = answerOf(applyModel(fixed, x, false), SOLE);
        assert.deepEqual(answer.shape, [rows, 2]);
        const expected = numbers(answerOf(applyModel(free, x, false), SOLE));
        numbers(answer).forEach((value, i) => {
          near(value, expected[i]!, `element ${i}`, 1e-6);
        });
        fixed.dispose();
        free.dispose();
      });
    });
  }
});
