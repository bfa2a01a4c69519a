/** Dropout is found wherever it comes from, with its rate and scale, and nothing else is taken for it. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { losses, type ExperimentConfig, type Parameters } from '../../../src/lab';
import type { MaskedLayer } from '../../../src/protocol/pictures';
import { MasksMaker, findMasks } from '../../../src/learning/pictures/dropoutMasks';
import { useEngine } from '../lab/tensorflow';
import { pictured, table, type Pictured } from './pictured';

const UNITS = 200;
const common = {
  title: 'Masks',
  data: table([[1, -2, 0.5]], [0], ['no', 'yes']),
  optimizer: () => tf.train.sgd(0.1),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  epochs: 1,
  batchSize: 1,
};

type Dropout = (x: tf.Tensor, training: boolean) => tf.Tensor;

/** 3 → 200 → 2, with dropout on the hidden units. */
const functional = (dropout: Dropout): ExperimentConfig => ({
  ...common,
  parameters: () => ({ w1: tf.randomNormal([3, UNITS]), w2: tf.randomNormal([UNITS, 2], 0, 0.1) }),
  forward: ({ w1, w2 }: Parameters, x, { training }) => tf.matMul(dropout(tf.relu(tf.matMul(x, w1!)), training), w2!),
});

const layered = (...hidden: readonly tf.layers.Layer[]): ExperimentConfig => ({
  ...common,
  model: () =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape: [3], units: UNITS, activation: 'relu' }),
        ...hidden,
        tf.layers.dense({ units: 2 }),
      ],
    }),
});

const drawn = (x: tf.Tensor, rate: number): tf.Tensor =>
  tf.cast(tf.greaterEqual(tf.randomUniform(x.shape), rate), 'float32');

describe('dropout masks', () => {
  before(useEngine);

  let context: Pictured;
  afterEach(() => {
    context.dispose();
  });

  async function masks(config: ExperimentConfig): Promise<readonly MaskedLayer[]> {
    context = await pictured(config);
    return findMasks(context, 7)?.layers ?? [];
  }

  const ways: Readonly<
    Record<string, { readonly rate: number; readonly make: () => ExperimentConfig; readonly name?: string }>
  > = {
    'a mask, then divided by what is kept': {
      rate: 0.5,
      make: () => functional((x, training) => (training ? tf.div(tf.mul(x, drawn(x, 0.5)), 1 - 0.5) : x)),
    },
    'divided first, then masked': {
      rate: 0.4,
      make: () => functional((x, training) => (training ? tf.mul(tf.div(x, 1 - 0.4), drawn(x, 0.4)) : x)),
    },
    'a scaled mask': {
      rate: 0.2,
      make: () => functional((x, training) => (training ? tf.mul(tf.div(drawn(x, 0.2), 0.8), x) : x)),
    },
    'tf.where': {
      rate: 0.3,
      make: () =>
        functional((x, training) =>
          training ? tf.where(tf.less(tf.randomUniform(x.shape), 0.3), tf.zerosLike(x), tf.div(x, 0.7)) : x,
        ),
    },
    'tf.dropout': { rate: 0.25, make: () => functional((x, training) => (training ? tf.dropout(x, 0.25) : x)) },
    'tf.layers.dropout': {
      rate: 0.6,
      make: () => layered(tf.layers.dropout({ rate: 0.6, name: 'forgetful' })),
      name: 'forgetful',
    },
  };
  for (const [way, { rate, make, name = '' }] of Object.entries(ways)) {
    it(`are found for ${way}, with rate, scale and the kept expectation`, async () => {
      const [layer, ...others] = await masks(make());
      assert.ok(layer && others.length === 0);
      assert.equal(layer.name, name);
      assert.equal(layer.units, UNITS);
      assert.deepEqual([layer.masks.length, layer.passes], [8, 64]);
      assert.ok(layer.masks.every((mask) => new RegExp(`^[01]{${UNITS}}$`).test(mask)));
      assert.equal(new Set(layer.masks).size, 8, 'drawn anew at each pass');
      // Within five standard deviations of a mean of that many draws.
      const draws = UNITS * layer.passes;
      assert.ok(Math.abs(layer.dropped - rate) < 5 * Math.sqrt((rate * (1 - rate)) / draws), String(layer.dropped));
      assert.ok(Math.abs(layer.scale - 1 / (1 - rate)) < 1e-5, String(layer.scale));
      const { training, test } = layer.means!;
      assert.ok(test > 0 && Math.abs(training - test) < 0.25 * test, `${training} and ${test}`);
      assert.equal(layer.activations.length, 8);
      const [w1] = context.learner.weights;
      const hidden = tf.tidy(() =>
        tf.relu(tf.matMul(tf.tensor2d([[1, -2, 0.5]]), w1!.tensor as tf.Tensor2D)).dataSync(),
      );
      for (const { unit, test: active } of layer.activations) assert.ok(Math.abs(active - hidden[unit]!) < 1e-5);
    });
  }

  it('of the second layer are held against the second layer', async () => {
    const relu = (units: number): tf.layers.Layer => tf.layers.dense({ units, activation: 'relu' });
    const found = await masks(
      layered(tf.layers.dropout({ rate: 0.5 }), relu(UNITS), tf.layers.dropout({ rate: 0.1 }), relu(UNITS)),
    );
    assert.deepEqual(
      found.map(({ scale }) => Number(scale.toFixed(3))),
      [2, 1.111],
    );
    const x = tf.tensor2d([[1, -2, 0.5]]);
    const [w1, b1, w2, b2] = context.learner.weights.map(({ tensor }) => tensor);
    const second = tf.tidy(() => {
      const first = tf.relu(tf.add(tf.matMul(x, w1 as tf.Tensor2D), b1!)) as tf.Tensor2D;
      return tf.relu(tf.add(tf.matMul(first, w2 as tf.Tensor2D), b2!)).dataSync();
    });
    x.dispose();
    for (const { unit, test } of found[1]!.activations) assert.ok(Math.abs(test - second[unit]!) < 1e-5);
    assert.ok(found[1]!.means);
  });

  it('that a whole batch shares are averaged over the passes shown', async () => {
    const shared = functional((x, training) => {
      if (!training) return x;
      return tf.mul(x, tf.cast(tf.greaterEqual(tf.randomUniform([UNITS]), 0.5), 'float32'));
    });
    const [layer] = await masks(shared);
    assert.deepEqual([layer!.masks.length, layer!.passes], [8, 8]);
  });

  it('without the scaling show that the expectation is not kept', async () => {
    const [layer] = await masks(functional((x, training) => (training ? tf.mul(x, drawn(x, 0.5)) : x)));
    assert.equal(layer!.scale, 1);
    const { training, test } = layer!.means!;
    assert.ok(training < 0.75 * test, `${training} and ${test}`);
  });

  it('draws the first 256 units of a larger mask', async () => {
    const wide = tf.layers.dense({ units: 300 });
    const [layer] = await masks(layered(wide, tf.layers.dropout({ rate: 0.5 })));
    assert.equal(layer!.units, 300);
    assert.ok(layer!.masks.every(({ length }) => length === 256));
  });

  const none: Readonly<Record<string, () => ExperimentConfig>> = {
    'no dropout': () => layered(),
    'a rate of 0': () => layered(tf.layers.dropout({ rate: 0 })),
    'a mask of ones': () => functional((x) => tf.mul(x, tf.ones(x.shape))),
    'a constant mask': () => functional((x) => tf.mul(x, tf.range(0, UNITS).mod(2))),
    'noise that is no mask': () => functional((x, training) => (training ? tf.mul(x, tf.randomNormal(x.shape, 1)) : x)),
    'the gradient of relu': () => functional((x) => tf.mul(x, tf.step(tf.sub(x, tf.randomNormal(x.shape))))),
    'batch normalisation': () => layered(tf.layers.batchNormalization()),
  };
  for (const [what, make] of Object.entries(none)) {
    it(`are not found in a model with ${what}`, async () => {
      assert.deepEqual(await masks(make()), []);
    });
  }

  it('leave no tensor behind and moving averages as they were', async () => {
    context = await pictured(layered(tf.layers.batchNormalization(), tf.layers.dropout({ rate: 0.5 })));
    findMasks(context, 1);
    const { numTensors } = tf.memory();
    const before = context.learner.weights.map(({ tensor }) => [...tensor.dataSync()]);
    assert.ok(findMasks(context, 2));
    assert.equal(tf.memory().numTensors, numTensors);
    assert.deepEqual(
      context.learner.weights.map(({ tensor }) => [...tensor.dataSync()]),
      before,
    );
  });

  it('are looked for once where there are none, and a model that throws gives no picture', async () => {
    let calls = 0;
    const counted = functional((x) => {
      calls++;
      return x;
    });
    context = await pictured(counted);
    const maker = new MasksMaker(context);
    maker.begin(0, 0);
    for (let epoch = 1; epoch < 5; epoch++) maker.epochEnd({ step: epoch, epoch });
    maker.end(5, 5);
    assert.equal(calls, 1);
    context.dispose();
    context = await pictured(
      functional(() => {
        throw new Error('no');
      }),
    );
    const failures: string[] = [];
    const other = new MasksMaker({ ...context, failed: (kind) => failures.push(kind) });
    other.begin(0, 0);
    assert.deepEqual(context.emitted, []);
    assert.deepEqual(failures, ['dropoutMasks']);
  });
});
