import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { ModelInspection } from '../../../src/protocol/modelInspection';
import { inspectModel } from '../../../src/trainer/inspection/inspect';
import { repositoryRoot } from '../manifest/root';
import { at, placeOf } from '../modelFile/folder';
import { inspecting } from './inspecting';
import { functional, modelText } from './models';

const describeShapes = ({ outputShapes }: ModelInspection['layers'][number]): string =>
  outputShapes.map((shape) => `[${shape.map(String).join(', ')}]`).join(' ');

describe('inspecting a model file', () => {
  const { inspect } = inspecting();

  describe('tells of a model', () => {
    it('the shape and size of each layer, at the call that made it', async () => {
      const file = path.join(repositoryRoot(), 'samples/image-classification/model.ts');
      const source = fs.readFileSync(file, 'utf8');
      const { layers, parameters, data, optimizer, problems, title } = await inspectModel({ modelFile: file });
      assert.deepEqual(problems, []);
      assert.equal(title, 'A small convolutional network');
      const [conv, pool] = layers;
      assert.ok(conv && pool);
      // 3 · 3 · 1 weights and a bias for each of 32 filters.
      assert.equal(conv.parameters, 32 * (9 + 1));
      assert.equal(describeShapes(conv), '[null, 26, 26, 32]');
      assert.equal(conv.type, 'Conv2D');
      assert.equal(source.split('\n')[conv.location.line - 1]?.includes('tf.layers.conv2d({ inputShape'), true);
      assert.equal(describeShapes(pool), '[null, 13, 13, 32]');
      assert.equal(pool.parameters, 0);
      const total = layers.filter(({ isModel }) => !isModel).reduce((sum, layer) => sum + (layer.parameters ?? 0), 0);
      assert.deepEqual(parameters, { total, trainable: total });
      assert.deepEqual(data, {
        name: 'Fashion-MNIST',
        train: 20_000,
        test: 4_000,
        inputShape: [28, 28, 1],
        classes: 10,
      });
      assert.deepEqual(optimizer, { name: 'Adam', learningRate: 0.001 });
    });

    it('every instance that a loop or a helper makes', async () => {
      const source = modelText({
        before: `const block = (units: number) => tf.layers.dense({ units, activation: 'relu' });`,
        model: `{
    const model = tf.sequential();
    model.add(tf.layers.dense({ inputShape, units: 5 }));
    for (const units of [4, 3]) model.add(block(units));
    model.add(tf.layers.dense({ units: classes, activation: 'softmax' }));
    return model;
  }`,
      });
      const { layers, problems } = await inspect(source);
      assert.deepEqual(problems, []);
      const blocks = layers.filter(({ location }) => at(location) === placeOf(source, 'dense({ units, activation'));
      assert.deepEqual(blocks.map(describeShapes), ['[null, 4]', '[null, 3]']);
      assert.deepEqual(
        blocks.map(({ calledFrom }) => at(calledFrom[0])),
        Array(2).fill(placeOf(source, 'block(units))')),
      );
      assert.deepEqual(
        blocks.map(({ parameters }) => parameters),
        [5 * 4 + 4, 4 * 3 + 3],
      );
    });

    it('a functional model, a layer used twice, one that is frozen, one that is not used', async () => {
      const source = modelText({
        model: `{
    const input = tf.input({ shape: inputShape });
    const shared = tf.layers.dense({ units: 2, trainable: false });
    const unused = tf.layers.dense({ units: 7 });
    const twice = shared.apply(shared.apply(input)) as tf.SymbolicTensor;
    const output = tf.layers.dense({ units: classes, activation: 'softmax' }).apply(twice) as tf.SymbolicTensor;
    return tf.model({ inputs: input, outputs: output });
  }`,
      });
      const { layers, parameters, problems } = await inspect(source);
      assert.deepEqual(problems, []);
      const [input, shared, unused, last, model] = layers;
      assert.ok(input && shared && unused && last && model);
      assert.equal(describeShapes(input), '[null, 2]');
      assert.equal(describeShapes(shared), '[null, 2] [null, 2]');
      assert.equal(shared.trainable, false);
      assert.deepEqual([describeShapes(unused), unused.parameters], ['', undefined]);
      assert.deepEqual([model.isModel, last.isModel], [true, false]);
      assert.deepEqual(parameters, { total: 6 + 9, trainable: 9 });
    });

    it('a model in plain tensor operations, after one step on made-up data', async () => {
      const { problems, parameters, layers } = await inspect(functional());
      assert.deepEqual(problems, []);
      assert.deepEqual(parameters, { total: 9, trainable: 9 });
      assert.deepEqual(layers, []);
    });

    it('what could be built, where the rest could not', async () => {
      const source = modelText({
        model: `tf.sequential({ layers: [
      tf.layers.dense({ inputShape, units: 6 }),
      tf.layers.conv2d({ filters: 3, kernelSize: 3 }),
    ] })`,
      });
      const { layers, problems } = await inspect(source);
      assert.equal(describeShapes(layers[0]!), '[null, 6]');
      assert.equal(describeShapes(layers[1]!), '');
      const [problem] = problems;
      assert.equal(problem?.error.code, 'MODEL_SHAPE');
      assert.equal(at(problem.error.location), placeOf(source, 'conv2d('));
      const [made] = problem.related;
      assert.equal(
        at(made?.location),
        placeOf(source, 'dense({ inputShape, units: 6'),
        'the line that made the other shape',
      );
      assert.match(made?.message ?? '', /^\[null, 6\]/);
    });
  });

  it('finds nothing wrong with any lesson', async () => {
    const samples = path.join(repositoryRoot(), 'samples');
    const lessons = fs.readdirSync(samples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const files = lessons.flatMap(({ name }) =>
      fs.readdirSync(path.join(samples, name)).map((file) => path.join(samples, name, file)),
    );
    for (const modelFile of files.filter((file) => file.endsWith('.ts'))) {
      const { problems, parameters } = await inspectModel({ modelFile });
      assert.deepEqual(problems, [], modelFile);
      assert.ok(parameters !== undefined && parameters.total > 0, modelFile);
    }
  });

  it('reads no data', async () => {
    const { problems, data } = await inspect(
      modelText({ data: `{ ...datasets.spirals(), train: 5, load: () => { throw new Error('was read'); } }` }),
    );
    assert.deepEqual(problems, []);
    assert.equal(data?.train, 5);
  });

  it('leaves no tensor behind, whatever happens', async () => {
    const sources = [
      modelText({}),
      functional(),
      functional({ gradients: 'w: tf.zeros([2, 3]), b: tf.zeros([1])' }),
      modelText({ before: 'export const kept = tf.keep(tf.zeros([9])); const v = tf.variable(tf.zeros([3]));' }),
      modelText({
        model:
          'tf.sequential({ layers: [tf.layers.dense({ inputShape, units: 3 }), tf.layers.conv2d({ filters: 1, kernelSize: 1 })] })',
      }),
      modelText({ model: `{ tf.zeros([5]); throw new Error('on purpose'); }` }),
      modelText({ optimizer: '() => tf.train.momentum(0.1, 0.9)' }),
      'export default 3',
      'const = 3',
    ];
    const before = tf.memory().numTensors;
    const variables = Object.keys(tf.engine().registeredVariables).length;
    for (const source of sources) {
      await inspect(source);
      assert.equal(tf.memory().numTensors, before, source);
      assert.equal(Object.keys(tf.engine().registeredVariables).length, variables, source);
    }
    const kept = tf.tidy(() => tf.keep(tf.zeros([1])));
    assert.equal(kept.isDisposed, false, 'keep works as before');
    kept.dispose();
  });
});
