/** Each mistake that can be seen without training: which, where, and with what remedy. */
import assert from 'node:assert/strict';
import { at, placeOf } from '../modelFile/folder';
import { inspecting } from './inspecting';
import { functional, modelText } from './models';

describe('inspecting a model file finds', () => {
  const { inspect, only } = inspecting();

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
      [2, 'MODEL_LOSS_TARGETS'],
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
    assert.equal(error.code, 'MODEL_LOSS_TARGETS');
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
    ['optimizers.adamw({ learningRate: 0.001, weightDecay: 0.1 })()', undefined],
    ['optimizers.adam({ learningRate: schedules.warmUp({ steps: 2, then: schedules.constant(0.01) }) })()', undefined],
    ['optimizers.adam({ learningRate: schedules.constant(0) })()', 'error'],
    ['optimizers.sgd({ learningRate: schedules.warmUp({ steps: 2, then: schedules.constant(20) }) })()', 'error'],
  ] as const) {
    it(`${severity ?? 'nothing'} in ${optimizer}`, async () => {
      const { problems } = await inspect(
        modelText({
          before: `import { optimizers, schedules } from 'deep-learning-lab';`,
          optimizer: `() => ${optimizer}`,
        }),
      );
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
    const twice = await only(
      modelText({
        before: `import { optimizers } from 'deep-learning-lab';`,
        optimizer: `() => optimizers.adamw() as never`,
      }),
    );
    assert.deepEqual([twice.error.code, twice.error.field], ['EXPERIMENT_INVALID', 'optimizer']);
    assert.match(twice.error.remedy ?? '', /Leave out '\(\) =>'/);
    const early = await only(modelText({ optimizer: `tf.train.adam(0.1) as unknown as () => tf.Optimizer` }));
    assert.deepEqual(early.error.fixes, [{ kind: 'wrap', field: 'optimizer', before: '() => ', after: '' }]);
  });

  describe('data with several inputs and targets:', () => {
    const split = '{ length: 2, x: {}, y: {} }';
    const data = `{
      name: 'several', kind: 'table', licence: 'none', train: 2, test: 2,
      inputs: { tokens: { shape: [null], type: 'int32' }, size: { shape: [2] } },
      targets: { label: { shape: [], classes: ['a', 'b', 'c'] }, price: { shape: [1] } },
      load: () => Promise.resolve({ train: ${split}, test: ${split} }),
    }`;
    const loss = `{ label: 'sparseCategoricalCrossentropy', price: 'meanSquaredError' }`;
    const metrics = `{ label: ['accuracy'] }`;
    const network = (tokens: string, units: number): string => `{
      const tokens = tf.input({ name: '${tokens}', shape: [null] });
      const size = tf.input({ name: 'size', shape: [2] });
      const words = tf.layers.globalAveragePooling1d({}).apply(tf.layers.embedding({ inputDim: 9, outputDim: 4 }).apply(tokens));
      const both = tf.layers.concatenate().apply([words as tf.SymbolicTensor, size]);
      const label = tf.layers.dense({ name: 'label', units: ${units}, activation: 'softmax' }).apply(both);
      const price = tf.layers.dense({ name: 'price', units: 1 }).apply(both);
      return tf.model({ inputs: [size, tokens], outputs: [label, price] as tf.SymbolicTensor[] });
    }`;

    it('nothing, where all fits; the hint has every shape', async () => {
      const { problems, data: found } = await inspect(modelText({ data, loss, metrics, model: network('tokens', 3) }));
      assert.deepEqual(problems, []);
      assert.deepEqual(found?.inputs, { tokens: [null], size: [2] });
    });

    it('an input with another name', async () => {
      const { error } = await only(modelText({ data, loss, metrics, model: network('token', 3) }));
      assert.equal(error.code, 'MODEL_SHAPE');
      assert.deepEqual([error.expected, error.found], ['tokens, size', 'size, token']);
    });

    it('an output of another size, at the layer that makes it', async () => {
      const text = modelText({ data, loss, metrics, model: network('tokens', 2) });
      const { error } = await only(text);
      assert.equal(error.code, 'MODEL_LOSS_TARGETS');
      assert.match(text.split('\n')[(error.location?.line ?? 0) - 1] ?? '', /name: 'label'/);
    });
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
    assert.deepEqual([error.code, error.field], ['MODEL_METRIC_THRESHOLD', 'metrics']);
    const squared = await only(modelText({ metrics: `['meanSquaredError']` }));
    assert.deepEqual([squared.error.code, squared.error.field], ['MODEL_SHAPE', 'metrics']);
  });

  it('metrics that read probabilities where the loss has logits', async () => {
    const model = `tf.sequential({ layers: [tf.layers.dense({ inputShape, units: classes })] })`;
    const loss = 'losses.sparseCategoricalCrossentropy({ fromLogits: true })';
    const { error } = await only(modelText({ model, loss, metrics: '[metrics.f1(), metrics.auc()]' }));
    assert.deepEqual([error.code, error.found], ['MODEL_METRIC_THRESHOLD', 'metrics.auc({ fromLogits: false })']);
    const followed = modelText({ model, loss, metrics: "['accuracy', 'f1', 'auc', 'perplexity', 'topKAccuracy']" });
    assert.deepEqual((await inspect(followed)).problems, []);
  });

  for (const [returned, found, remedy] of [
    ['tf.mean(p).dataSync()[0]', /^\d/, /without dataSync/],
    ['undefined', /^nothing$/, /'return' missing/],
    ['Promise.resolve(tf.scalar(1))', /^a promise$/, /must not be async/],
    ['tf.square(p)', /^a tensor of shape \[2, 3\]$/, /tf\.mean/],
    ['tf.zeros([7])', /^a tensor of shape \[7\]$/, /tf\.mean/],
  ] as const) {
    it(`a loss and a metric that return ${returned}, at their function`, async () => {
      const compute = `(y: tf.Tensor, p: tf.Tensor) => ${returned}`;
      for (const [parts, code] of [
        [{ loss: `{ name: 'own', fromLogits: false, compute: (${compute}) as never }` }, 'MODEL_LOSS_VALUE'],
        [{ metrics: `[{ name: 'own', compute: (${compute}) as never }]` }, 'MODEL_METRIC_VALUE'],
      ] as const) {
        const source = modelText(parts);
        const { error } = await only(source);
        assert.equal(error.code, code);
        assert.match(error.message, /"own"/);
        assert.match(error.found ?? '', found);
        assert.match(error.remedy ?? '', remedy);
        assert.equal(at(error.location), placeOf(source, '(y: tf.Tensor'));
      }
    });
  }

  it('a metric whose sums are no vector, and a loss that class weights cannot weight', async () => {
    const sums = modelText({
      metrics: `[{ name: 'own', sums: () => tf.scalar(1), result: ([sum]: number[]) => sum! }]`,
    });
    const { error } = await only(sums);
    assert.deepEqual([error.code, at(error.location)], ['MODEL_METRIC_VALUE', placeOf(sums, '() => tf.scalar(1)')]);
    const mean = modelText({ loss: `{ name: 'own', fromLogits: false, compute: (_y, p) => tf.mean(p) }` }).replace(
      'epochs: 1',
      'classWeights: [1, 2, 3], epochs: 1',
    );
    const weighted = await only(mean);
    assert.deepEqual(
      [weighted.error.code, at(weighted.error.location)],
      ['MODEL_LOSS_VALUE', placeOf(mean, '(_y, p) =>')],
    );
    assert.match(weighted.error.remedy ?? '', /\[batch\]/);
    const each = mean.replace('tf.mean(p)', 'tf.mean(p, -1)');
    assert.deepEqual((await inspect(each)).problems, []);
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
    assert.deepEqual([error.code, error.field], ['MODEL_OWN_GRADIENT', 'gradients']);
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
