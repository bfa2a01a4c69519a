import assert from 'node:assert/strict';
import { datasets, experiment, isExperiment, losses, metrics, tf } from '../../../src/lab';
import { closest, editDistance } from '../../../src/lab/didYouMean';
import { LabError, type LabErrorData } from '../../../src/protocol/errors';

const valid = {
  title: 'Test',
  data: datasets.spirals({ train: 30, test: 10 }),
  model: () => tf.sequential(),
  optimizer: () => tf.train.sgd(0.1),
  loss: 'sparseCategoricalCrossentropy' as const,
  epochs: 2,
  batchSize: 8,
};
const functional = {
  ...valid,
  model: undefined,
  parameters: () => ({}),
  forward: (_parameters: unknown, x: tf.Tensor) => x,
};

function refusal(changes: Readonly<Record<string, unknown>>): LabErrorData {
  try {
    experiment({ ...valid, ...changes });
  } catch (error) {
    assert.ok(error instanceof LabError);
    assert.equal(error.code, 'EXPERIMENT_INVALID');
    return error.data;
  }
  throw new Error('It should have been refused.');
}

function describeValue(value: unknown): string {
  return typeof value === 'function' ? 'a function' : JSON.stringify(value ?? null);
}

describe('lab/experiment', () => {
  it('accepts both kinds of model, brands and freezes them, and copies nothing away', () => {
    const made = experiment({ ...valid, metrics: ['accuracy', metrics.meanSquaredError()], stopWhen: { patience: 3 } });
    assert.ok(isExperiment(made));
    assert.ok(Object.isFrozen(made));
    assert.ok(Object.isFrozen(made.metrics));
    assert.equal(made.title, 'Test');
    assert.equal('model' in made && made.model, valid.model);
    assert.ok(isExperiment(experiment(functional)));
    assert.ok(experiment({ ...valid, loss: losses.meanSquaredError(), seed: 0 }));
  });

  it('knows an experiment made by another copy of the lab, and nothing else', () => {
    assert.ok(isExperiment({ [Symbol.for('deep-learning-lab.experiment')]: true }));
    for (const value of [undefined, null, 1, 'experiment', {}, valid, () => valid]) assert.ok(!isExperiment(value));
  });

  for (const [field, value, message] of [
    ['title', '', /title: expected a text, found ''/],
    ['title', undefined, /title: expected a text, found nothing/],
    ['data', undefined, /data: expected a data set/],
    ['data', datasets.spirals, /datasets\.spirals\(\)/],
    ['data', { ...valid.data, train: 0 }, /data\.train/],
    ['data', { ...valid.data, load: 'later' }, /data\.load/],
    ['model', undefined, /model: expected a function.*nothing.*tf\.sequential/],
    ['model', tf.layers.dense({ units: 1 }), /model: expected a function.*class Dense/],
    ['optimizer', 'adam', /optimizer: expected a function.*'adam'.*tf\.train\.adam/],
    ['optimizer', { minimize: true }, /\(\) =>/],
    ['loss', 'crossentropy', /loss: expected one of .*sparseCategoricalCrossentropy/],
    ['loss', 'meanSquareError', /Did you mean 'meanSquaredError'/],
    ['loss', losses.meanSquaredError, /Call it: losses\.meanSquaredError\(\)/],
    ['metrics', 'accuracy', /metrics: expected an array.*\['accuracy'\]/],
    ['metrics', ['acuracy'], /metrics\[0\].*Did you mean 'accuracy'/],
    ['metrics', ['accuracy', metrics.accuracy()], /metrics\[1\].*no other curve/],
    ['epochs', 0, /epochs: expected a whole number of at least 1, found 0/],
    ['epochs', 1.5, /epochs/],
    ['epochs', '10', /epochs: .*found '10'/],
    ['batchSize', -1, /batchSize/],
    ['batchSize', Number.NaN, /batchSize: .*found NaN/],
    ['seed', -1, /seed/],
    ['stopWhen', 5, /stopWhen: expected an object/],
    ['stopWhen', { patience: 0 }, /stopWhen\.patience/],
    ['stopWhen', { patient: 2 }, /Did you mean 'patience'/],
    ['stopWhen', { target: { metric: 'val_accuracy' } }, /either 'atLeast' or 'atMost'/],
    ['stopWhen', { target: { metric: 'val_loss', atMost: '1' } }, /stopWhen\.target\.atMost: expected a number/],
    ['stopWhen', { target: { atMost: 1 } }, /stopWhen\.target\.metric/],
    ['metrics', [{ name: 'reference_x', compute: () => 0 }], /metrics\[0\].*no other curve/],
    ['metrics', [{ name: 'val_loss', compute: () => 0 }], /metrics\[0\].*no other curve/],
    ['metrics', [{ name: 'x', sums: () => 0 }], /metrics\[0\]: expected one of/],
    ['metrics', [{ name: 'x', compute: () => 0, range: [1, 0] }], /metrics\[0\]\.range: expected two rising numbers/],
    [
      'metrics',
      [{ name: 'x', compute: () => 0, better: 'more' }],
      /metrics\[0\]\.better: expected 'higher' or 'lower'/,
    ],
    ['metrics', ['precission'], /Did you mean 'precision'/],
    ['classWeights', 3, /classWeights: expected an object, found 3/],
    ['classWeights', [1, 2], /classWeights: expected 3 numbers, one for each class, found an array of 2 items/],
    ['classWeights', [1, 2, -1], /classWeights\[2\]: expected a number of at least 0, found -1/],
    ['classWeights', { [valid.data.classes[1]!]: '2' }, /classWeights\..*found '2'/],
    ['classWeights', { [`${valid.data.classes[1]!}s`]: 2 }, new RegExp(`Did you mean '${valid.data.classes[1]!}'`)],
    ['stopWhen', { target: { metric: 'val_accuracy', atLeast: 1 } }, /one of 'val_loss', 'loss',.*Add 'accuracy' to/],
    ['stopWhen', { target: { metric: 'val_los', atMost: 1 } }, /Did you mean 'val_loss'/],
    ['stopWhen', { target: { metric: 'reference_loss', atMost: 1 } }, /stopWhen\.target\.metric/],
    ['compareWith', 5, /compareWith: expected an object/],
    [
      'compareWith',
      { model: valid.model },
      /compareWith\.label: expected a text, found nothing.*label: 'without dropout'/,
    ],
    ['compareWith', { label: ' ' }, /compareWith\.label/],
    ['compareWith', { label: 'x', optimiser: 1 }, /Did you mean 'optimizer' instead of 'optimiser'/],
    ['compareWith', { label: 'x', epochs: 3 }, /compareWith: expected only the fields label, model/],
    ['compareWith', { label: 'x', model: tf.layers.dense({ units: 1 }) }, /compareWith\.model: expected a function/],
    ['compareWith', { label: 'x', optimizer: tf.train.sgd(1) }, /compareWith\.optimizer.*\(\) =>/],
    ['compareWith', { label: 'x', loss: 'meanSquareError' }, /compareWith\.loss.*Did you mean 'meanSquaredError'/],
    ['compareWith', { label: 'x', model: valid.model, forward: functional.forward }, /not both/],
    ['compareWith', { label: 'x', forward: functional.forward }, /compareWith\.parameters.*made of layers/],
    ['compareWith', { label: 'x', parameters: functional.parameters }, /compareWith\.forward/],
    ['sizes', 10, /sizes: expected an array of 1 to 12.*found 10/],
    ['sizes', [], /sizes: expected an array of 1 to 12/],
    ['sizes', [10, 20], /compareWith: expected the model to compare with/],
    ['modelSizes', 4, /modelSizes: expected an array of 1 to 8 models.*found 4/],
    ['modelSizes', [], /modelSizes: expected an array of 1 to 8 models/],
    ['modelSizes', [{}], /modelSizes\[0\]\.label: expected a text/],
    ['modelSizes', [{ label: 'x', loss: 'huber' }], /modelSizes\[0\].*Remove 'loss'/],
    ['modelSizes', [{ label: 'x', forward: functional.forward }], /modelSizes\[0\]\.parameters.*made of layers/],
    [
      'modelSizes',
      [{ label: 'x' }, { label: 'x' }],
      /modelSizes\[1\]\.label: expected a name that is not there already/,
    ],
  ] as const) {
    it(`refuses ${field}: ${describeValue(value).slice(0, 60)}`, () => {
      const data = refusal({ [field]: value });
      assert.match(`${data.message} ${data.remedy ?? ''}`, message);
      assert.ok(data.remedy, 'a remedy');
    });
  }

  it('takes a target on every curve that there will be, and corrects the name of one', () => {
    const withTarget = (metric: string, more: object = {}): object => ({
      ...valid,
      metrics: ['accuracy', metrics.f1({ name: 'score' })],
      stopWhen: { target: { metric, atLeast: 0.5 } },
      ...more,
    });
    for (const metric of ['loss', 'val_loss', 'accuracy', 'val_accuracy', 'val_score']) {
      assert.ok(experiment(withTarget(metric) as typeof valid));
    }
    const compareWith = { label: 'other', optimizer: () => tf.train.sgd(1) };
    assert.ok(experiment(withTarget('val_reference_score', { compareWith }) as typeof valid));
    const { fixes, remedy } = refusal(withTarget('val_acc') as Record<string, unknown>);
    assert.equal(remedy, "Did you mean 'val_accuracy'?");
    assert.deepEqual(fixes, [{ kind: 'rename', from: 'val_acc', to: 'val_accuracy' }]);
  });

  it('refuses class weights where there are no classes, and beside gradients of the learner', () => {
    const numbers = { ...valid.data, classes: [], targetShape: [1] };
    assert.match(refusal({ data: numbers, classWeights: [] }).message, /data with one class for each example/);
    const gradients = (): object => ({});
    const both = refusal({ ...functional, gradients, classWeights: [1, 2, 3] });
    assert.deepEqual(both.field, 'gradients');
  });

  it('refuses numbers of examples that the data does not have, and the same one twice', () => {
    const compareWith = { label: 'other' };
    for (const [sizes, message] of [
      [[10, 31], /sizes\[1\]: expected a whole number from 1 to 30, found 31/],
      [[0], /sizes\[0\]/],
      [[10, 2.5], /sizes\[1\]/],
      [['10'], /sizes\[0\]: .*found '10'/],
      [[10, 20, 10], /sizes\[2\]: expected a number that is not there already, found 10/],
    ] as const) {
      assert.match(refusal({ compareWith, sizes }).message, message);
    }
    assert.ok(experiment({ ...valid, compareWith, sizes: [30, 10] }));
    assert.ok(experiment({ ...functional, compareWith: { label: 'own loss', loss: 'meanSquaredError' } }));
  });

  it('names unknown fields and what was probably meant', () => {
    assert.match(refusal({ batchsize: 3 }).remedy ?? '', /Did you mean 'batchSize' instead of 'batchsize'/);
    assert.match(refusal({ epoch: 3 }).remedy ?? '', /'epochs'/);
    assert.match(refusal({ colour: 3 }).remedy ?? '', /Remove 'colour'/);
  });

  it('refuses a model beside parameters, half of a functional model, and a configuration that is none', () => {
    assert.match(refusal({ parameters: () => ({}) }).message, /not both/);
    assert.match(refusal({ model: undefined, parameters: () => ({}) }).message, /forward/);
    assert.match(refusal({ ...functional, gradients: 3 }).message, /gradients/);
    for (const config of [undefined, null, 'x', []]) {
      assert.throws(() => experiment(config as never), LabError);
    }
  });

  it('measures how far words are apart', () => {
    assert.equal(editDistance('kitten', 'sitting'), 3);
    assert.equal(editDistance('abcd', 'abdc'), 1);
    assert.equal(editDistance('', 'abc'), 3);
    assert.equal(closest('spirls', ['circles', 'spirals', 'xor']), 'spirals');
    assert.equal(closest('banana', ['circles', 'spirals', 'xor']), undefined);
  });
});
