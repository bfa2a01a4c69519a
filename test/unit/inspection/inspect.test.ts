import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { ModelInspection, ModelProblem } from '../../../src/protocol/modelInspection';
import { inspectModel } from '../../../src/trainer/inspection/inspect';
import { useEngine } from '../lab/tensorflow';
import { repositoryRoot } from '../manifest/root';
import { at, LearnersFolder, placeOf } from '../modelFile/folder';
import { functional, modelText } from './models';

const describeShapes = ({ outputShapes }: ModelInspection['layers'][number]): string =>
  outputShapes.map((shape) => `[${shape.map(String).join(', ')}]`).join(' ');

describe('inspecting a model file', () => {
  let folder: LearnersFolder;
  before(async () => {
    await useEngine();
    folder = new LearnersFolder();
  });
  after(() => {
    folder.remove();
  });

  const inspect = async (source: string): Promise<ModelInspection> =>
    inspectModel({ modelFile: path.join(folder.path, 'model.ts'), source });
  const only = async (source: string): Promise<ModelProblem> => {
    const { problems } = await inspect(source);
    assert.deepEqual(
      problems.map(({ error }) => error.message),
      problems.slice(0, 1).map(({ error }) => error.message),
      'one problem only',
    );
    assert.ok(problems[0], 'a problem was expected');
    return problems[0];
  };

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
    const files = fs.readdirSync(samples).map((lesson) => path.join(samples, lesson, 'model.ts'));
    for (const modelFile of files.filter((file) => fs.existsSync(file))) {
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

  describe('finds', () => {
    it('a file that is no TypeScript', async () => {
      const source = modelText({}).replace('epochs: 1,', 'epochs: : 1,');
      const { error } = await only(source);
      assert.equal(error.code, 'MODEL_SYNTAX');
      assert.equal(error.location?.line, Number(placeOf(source, 'epochs: :').split(':')[0]));
    });

    it('no experiment, and a module that is not there', async () => {
      assert.equal((await only('export default 3;')).error.code, 'MODEL_NO_EXPERIMENT');
      assert.equal((await only(`import x from './nowhere';\nexport default x;`)).error.code, 'MODEL_IMPORT');
    });

    it('an unknown field of the experiment, and offers the right one', async () => {
      const { error } = await only(modelText({}).replace('batchSize', 'batchsize'));
      assert.equal(error.code, 'EXPERIMENT_INVALID');
      assert.deepEqual(error.fixes?.[0], { kind: 'rename', from: 'batchsize', to: 'batchSize' });
    });

    it('an unknown layer, optimizer, data set and import', async () => {
      for (const [source, from, to] of [
        [
          modelText({ model: 'tf.sequential({ layers: [tf.layers.densse({ inputShape, units: 3 })] })' }),
          'densse',
          'dense',
        ],
        [modelText({ optimizer: '() => tf.train.adan(0.01)' }), 'adan', 'adam'],
        [modelText({ data: 'datasets.spiral()' }), 'spiral', 'spirals'],
        [modelText({ loss: 'losses.meanSquareError()' }), 'meanSquareError', 'meanSquaredError'],
        [modelText({}).replaceAll('experiment', 'experimant'), 'experimant', 'experiment'],
      ] as const) {
        const { error } = await only(source);
        assert.equal(error.code, 'MODEL_UNKNOWN_NAME', error.message);
        assert.deepEqual(error.fixes, [{ kind: 'rename', from, to }]);
        assert.equal(error.location?.line, source.slice(0, source.lastIndexOf(`${from}(`)).split('\n').length);
      }
    });

    it('an argument that tfjs would take no notice of, once for a whole loop', async () => {
      const source = modelText({
        model: `{
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape, units: 3 })] });
    for (let i = 0; i < 3; i++) model.add(tf.layers.dense({ units: 3, activaton: 'relu' } as object as { units: 3 }));
    model.add(tf.layers.dense({ units: classes, activation: 'softmax' }));
    return model;
  }`,
      });
      const { error, severity } = await only(source);
      assert.equal(severity, 'warning');
      assert.equal(error.code, 'MODEL_UNKNOWN_NAME');
      assert.equal(at(error.location), placeOf(source, 'dense({ units: 3, activaton'));
      assert.deepEqual(error.fixes?.[0], { kind: 'rename', from: 'activaton', to: 'activation' });
    });

    it('the misspelt argument because of which a layer could not be made', async () => {
      const { problems } = await inspect(
        modelText({
          model: `tf.sequential({ layers: [tf.layers.dense({ inputShape, unit: 3 } as object as { units: 3 })] })`,
        }),
      );
      const fix = problems.flatMap(({ error }) => error.fixes ?? [])[0];
      assert.deepEqual(fix, { kind: 'rename', from: 'unit', to: 'units' });
    });

    it('a first layer without the input shape', async () => {
      const source = modelText({
        model: `tf.sequential({ layers: [tf.layers.dense({ units: 4 }), tf.layers.dense({ units: classes })] })`,
      });
      const { error } = await only(source);
      assert.equal(error.code, 'MODEL_SHAPE');
      assert.equal(at(error.location), placeOf(source, 'dense({ units: 4'));
      assert.equal(error.fixes?.[0]?.kind, 'argument');
    });

    it('an input that does not fit the data, at the first layer', async () => {
      const source = modelText({
        model: `tf.sequential({ layers: [
      tf.layers.dense({ inputShape: [4], units: 4 }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ] })`,
      });
      const { error } = await only(source);
      assert.deepEqual([error.code, error.expected, error.found], ['MODEL_SHAPE', '[null, 2]', '[null, 4]']);
      assert.equal(at(error.location), placeOf(source, 'dense({ inputShape: [4]'));
    });

    it('too many and too few units for the classes, at the last layer', async () => {
      for (const [units, code] of [
        [5, 'MODEL_SHAPE'],
        [2, 'DATA_LABEL_RANGE'],
      ] as const) {
        const source = modelText({
          model: `tf.sequential({ layers: [tf.layers.dense({ inputShape, units: ${units}, activation: 'softmax' })] })`,
        });
        const { error } = await only(source);
        assert.equal(error.code, code);
        assert.equal(at(error.location), placeOf(source, 'dense({'));
        assert.deepEqual(error.fixes, [{ kind: 'argument', name: 'units', value: '3', variable: 'classes' }]);
      }
    });

    it('labels that the loss cannot read', async () => {
      const { error } = await only(
        modelText({
          loss: `'binaryCrossentropy'`,
          model: `tf.sequential({ layers: [tf.layers.dense({ inputShape, units: 3, activation: 'sigmoid' })] })`,
        }),
      );
      assert.equal(error.code, 'DATA_LABEL_RANGE');
      assert.equal(error.field, 'loss');
      assert.equal((await only(modelText({ loss: `'categoricalCrossentropy'` }))).error.field, 'loss');
    });

    it('a target that does not fit the output', async () => {
      const { error } = await only(modelText({ loss: `'meanSquaredError'` }));
      assert.equal(error.code, 'MODEL_SHAPE');
      assert.equal(error.field, 'loss');
    });

    for (const [activation, loss, severity, kinds] of [
      ['softmax', 'losses.sparseCategoricalCrossentropy({ fromLogits: true })', 'error', ['argument', 'fromLogits']],
      ['sigmoid', 'losses.sparseCategoricalCrossentropy({ fromLogits: true })', 'error', ['argument']],
      ['relu', 'losses.sparseCategoricalCrossentropy({ fromLogits: true })', 'warning', ['argument']],
      ['linear', 'losses.sparseCategoricalCrossentropy({ fromLogits: true })', undefined, []],
      ['linear', `'sparseCategoricalCrossentropy'`, 'error', ['fromLogits', 'argument']],
      ['sigmoid', `'sparseCategoricalCrossentropy'`, 'warning', ['argument']],
      ['tanh', `'sparseCategoricalCrossentropy'`, 'error', ['argument']],
      ['softmax', `'sparseCategoricalCrossentropy'`, undefined, []],
    ] as const) {
      it(`${severity ?? 'nothing'} in ${activation} with ${loss}`, async () => {
        const source = modelText({
          loss,
          model: `tf.sequential({ layers: [tf.layers.dense({ inputShape, units: classes, activation: '${activation}' })] })`,
        });
        const { problems } = await inspect(source);
        if (severity === undefined) {
          assert.deepEqual(problems, []);
          return;
        }
        const [problem] = problems;
        assert.equal(problems.length, 1);
        assert.deepEqual([problem?.error.code, problem?.severity], ['MODEL_LOSS_ACTIVATION', severity]);
        assert.deepEqual(
          problem?.error.fixes?.map(({ kind }) => kind),
          kinds,
        );
        assert.equal(at(problem.error.location), placeOf(source, 'dense({'));
      });
    }

    for (const [activation, loss, message] of [
      ['linear', `'binaryCrossentropy'`, /no activation/],
      ['sigmoid', 'losses.binaryCrossentropy({ fromLogits: true })', /sigmoid/],
      ['softmax', `'binaryCrossentropy'`, /always 1/],
      ['sigmoid', `'binaryCrossentropy'`, undefined],
      ['linear', 'losses.binaryCrossentropy({ fromLogits: true })', undefined],
    ] as const) {
      it(`${message === undefined ? 'nothing' : 'a mistake'} in ${activation} with ${loss} for two classes`, async () => {
        const { problems } = await inspect(
          modelText({
            data: 'datasets.moons()',
            loss,
            model: `tf.sequential({ layers: [tf.layers.dense({ inputShape, units: 1, activation: '${activation}' })] })`,
          }),
        );
        assert.equal(problems.length, message === undefined ? 0 : 1, problems[0]?.error.message);
        if (message !== undefined) assert.match(problems[0]!.error.message, message);
      });
    }

    it('the activation behind a reshape, and in a layer of its own', async () => {
      const source = modelText({
        loss: 'losses.sparseCategoricalCrossentropy({ fromLogits: true })',
        model: `tf.sequential({ layers: [
      tf.layers.dense({ inputShape, units: classes }), tf.layers.softmax(), tf.layers.reshape({ targetShape: [classes] }),
    ] })`,
      });
      const { error } = await only(source);
      assert.equal(at(error.location), placeOf(source, 'softmax()'));
    });

    for (const [optimizer, severity] of [
      ['tf.train.adam(0)', 'error'],
      ['tf.train.sgd(-0.1)', 'error'],
      ['tf.train.adam(11)', 'error'],
      ['tf.train.adam(0.5)', 'warning'],
      ['tf.train.sgd(0.5)', undefined],
      ['tf.train.sgd(3)', 'warning'],
      ['tf.train.rmsprop(1e-12)', 'warning'],
      ['tf.train.adadelta(1)', undefined],
      ['tf.train.momentum(0.1, 0.9)', undefined],
    ] as const) {
      it(`${severity ?? 'nothing'} in ${optimizer}`, async () => {
        const { problems } = await inspect(modelText({ optimizer: `() => ${optimizer}` }));
        assert.equal(problems[0]?.severity, severity);
        if (severity !== undefined) {
          assert.equal(problems[0]?.error.code, 'MODEL_LEARNING_RATE');
          assert.equal(problems[0].error.field, 'optimizer');
        }
      });
    }

    it('an optimizer that is none, and one that is made too early', async () => {
      const { error } = await only(modelText({ optimizer: `() => 'adam' as unknown as tf.Optimizer` }));
      assert.deepEqual([error.code, error.field], ['EXPERIMENT_INVALID', 'optimizer']);
      const early = await only(modelText({ optimizer: `tf.train.adam(0.1) as unknown as () => tf.Optimizer` }));
      assert.deepEqual(early.error.fixes, [{ kind: 'wrap', field: 'optimizer', before: '() => ', after: '' }]);
    });

    it('a model function that forgets to return', async () => {
      const { error } = await only(
        modelText({ model: `{ tf.sequential(); return undefined as unknown as tf.LayersModel }` }),
      );
      assert.deepEqual([error.code, error.field], ['EXPERIMENT_INVALID', 'model']);
    });

    it('metrics that do not go with the loss', async () => {
      const yesNo = `tf.sequential({ layers: [tf.layers.dense({ inputShape, units: 1 })] })`;
      const { error } = await only(
        modelText({
          data: 'datasets.moons()',
          loss: 'losses.binaryCrossentropy({ fromLogits: true })',
          model: yesNo,
          metrics: '[metrics.accuracy()]',
        }),
      );
      assert.deepEqual([error.code, error.field], ['MODEL_LOSS_ACTIVATION', 'metrics']);
      const squared = await only(modelText({ metrics: `['meanSquaredError']` }));
      assert.deepEqual([squared.error.code, squared.error.field], ['MODEL_SHAPE', 'metrics']);
    });

    it('what only shows when numbers flow: a layer of the learner’s own', async () => {
      const source = modelText({
        before: `class Broken extends tf.layers.Layer {
  static className = 'Broken';
  computeOutputShape(shape: tf.Shape) { return shape; }
  call(x: tf.Tensor | tf.Tensor[]) { return tf.matMul((Array.isArray(x) ? x[0]! : x) as tf.Tensor2D, tf.zeros([7, 7])); }
}`,
        model: `tf.sequential({ layers: [
      tf.layers.dense({ inputShape, units: 3 }), new Broken(), tf.layers.dense({ units: classes, activation: 'softmax' }),
    ] })`,
      });
      const { error } = await only(source);
      assert.equal(error.code, 'MODEL_SHAPE');
      assert.ok(error.location);
    });

    it('gradients of the learner’s own in another shape than the parameters', async () => {
      const { error } = await only(functional({ gradients: 'w: tf.zeros([2, 3]), b: tf.zeros([1])' }));
      assert.deepEqual([error.code, error.field], ['MODEL_SHAPE', 'gradients']);
      assert.deepEqual([error.expected, error.found], ['[3]', '[1]']);
    });

    it('several independent mistakes at once', async () => {
      const { problems } = await inspect(
        modelText({
          optimizer: '() => tf.train.adam(100)',
          model: `tf.sequential({ layers: [tf.layers.dense({ inputShape, units: classes })] })`,
        }),
      );
      assert.deepEqual(
        problems.map(({ error }) => error.code),
        ['MODEL_LEARNING_RATE', 'MODEL_LOSS_ACTIVATION'],
      );
    });
  });
});
