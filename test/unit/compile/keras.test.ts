import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';
import * as networks from '../../support/networks';
import { numbers } from '../../support/hashed';
import { useEngine } from '../lab/tensorflow';
import { trainCompiled, type MakeOptimizer } from './harness';
import type { Case } from './models';
import oracle from './oracle/keras.json';

const STEPS = 20;

function withWeights(model: tf.Sequential): tf.Sequential {
  model.trainableWeights.forEach((weight, i) => {
    const shape = weight.shape as number[];
    const fanIn = shape.length > 1 ? shape.slice(0, -1).reduce((product, side) => product * side, 1) : 100;
    tf.tidy(() => {
      weight.write(numbers(shape, i + 1, (3 / fanIn) ** 0.5));
    });
  });
  return model;
}

const apply = (model: tf.LayersModel, x: tf.Tensor): tf.Tensor => model.apply(x, { training: true }) as tf.Tensor;

const mlp: Case = {
  name: 'mlp',
  model: () => withWeights(networks.mlp()),
  loss: (model, { x, y }) => tf.losses.sigmoidCrossEntropy(y!, apply(model, x!)).asScalar(),
  feeds: (step) => {
    const x = numbers([32, 2], 100 + step, 1);
    return { x, y: tf.tidy(() => tf.greater(tf.prod(x, 1, true), 0).toFloat()) };
  },
};

const cnn: Case = {
  name: 'cnn',
  model: () => withWeights(networks.cnn()),
  loss: (model, { x, y }) => tf.losses.softmaxCrossEntropy(tf.oneHot(y!, 10), apply(model, x!)).asScalar(),
  feeds: (step) => ({
    x: numbers([16, 32, 32, 3], 200 + step, 1),
    y: tf.tensor1d(
      Array.from({ length: 16 }, (_, i) => (step + i) % 10),
      'int32',
    ),
  }),
};

const optimizers: Readonly<Record<string, MakeOptimizer>> = {
  sgd: () => tf.train.sgd(0.05),
  momentum: () => tf.train.momentum(0.02, 0.9),
  adam: () => tf.train.adam(1e-3),
  rmsprop: () => tf.train.rmsprop(1e-3, 0.9, 0, 1e-7),
  adamax: () => tf.train.adamax(1e-3),
};

describe('against Keras: the same weights, data and optimizer', function () {
  this.timeout(120_000);
  before(useEngine);

  for (const subject of [mlp, cnn])
    for (const [name, expected] of Object.entries(oracle.losses[subject.name as 'mlp' | 'cnn']))
      it(`${subject.name} with ${name}: every loss of ${STEPS} compiled steps within 1e-4`, () => {
        const { losses, states } = trainCompiled(subject, optimizers[name]!, STEPS);
        assert.deepEqual(
          states.map(({ kind }) => kind),
          ['compiled'],
        );
        assert.equal(expected.length, STEPS);
        losses.forEach((loss, step) => {
          const other = expected[step]!;
          assert.ok(Math.abs(loss - other) <= 1e-4 * other, `step ${step}: ${loss}, Keras ${other}`);
        });
      });

  it('keras.json is what Keras computes today', function () {
    const python = path.join(defaultCache(), 'peers', 'bin', 'python');
    const script = path.resolve('test/unit/compile/oracle/keras_oracle.py');
    if (!fs.existsSync(python) || spawnSync(python, ['-c', 'import keras']).status !== 0) {
      console.log('      skipped: Keras is not installed (npm run bench -- --only step --peers installs it)');
      this.skip();
    }
    const { stdout, status, stderr } = spawnSync(python, [script], { encoding: 'utf8' });
    assert.equal(status, 0, stderr.slice(-2000));
    const fresh = JSON.parse(stdout) as typeof oracle;
    for (const [model, series] of Object.entries(oracle.losses))
      for (const [name, losses] of Object.entries(series))
        losses.forEach((loss, step) => {
          const other = (fresh.losses as Record<string, Record<string, number[]>>)[model]![name]![step]!;
          assert.ok(Math.abs(loss - other) <= 1e-5 * loss, `${model} ${name} step ${step}: ${loss}, now ${other}`);
        });
  });
});
