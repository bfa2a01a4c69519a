import { checkedModel } from '../../../src/learning/training/build';
import assert from 'node:assert/strict';
import { losses, tf } from '../../../src/lab';
import { LabError, type LabErrorData } from '../../../src/protocol/errors';
import { withModelErrors } from '../../../src/trainer/modelFile/errors';
import type { LoadedModelFile } from '../../../src/trainer/modelFile/load';
import { useEngine } from '../lab/tensorflow';
import { at, LearnersFolder, modelFile, placeOf } from './folder';

const INFO = { inputShape: [8, 8, 1], classes: 4 };

function build(loaded: LoadedModelFile, info = INFO): tf.LayersModel {
  const { experiment } = loaded;
  assert.ok('model' in experiment);
  return withModelErrors(loaded, () => checkedModel(experiment.model(info)));
}

function failure(work: () => unknown): LabErrorData {
  try {
    work();
  } catch (error) {
    if (error instanceof LabError) return error.data;
    throw error;
  }
  throw new Error('It should have failed.');
}

describe('trainer/modelFile: layers and shapes', function () {
  this.timeout(20_000);
  let folder: LearnersFolder;
  before(useEngine);
  beforeEach(() => {
    folder = new LearnersFolder();
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
    folder.remove();
  });

  it('remembers the line of each layer, in lists, variables, loops, helpers and custom classes', async () => {
    const text = modelFile(
      'net(inputShape, classes)',
      `class Twice extends tf.layers.Layer {
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor { return tf.mul(Array.isArray(inputs) ? inputs[0]! : inputs, 2); }
  static get className(): string { return 'Twice'; }
}
function block(units: number): tf.layers.Layer {
  return tf.layers.dense({ units, activation: 'relu' });
}
function net(inputShape: number[], classes: number): tf.LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.flatten({ inputShape }));
  for (const units of [5, 6, 7]) model.add(block(units));
  model.add(new Twice({ name: 'twice' }));
  model.add(tf.layers.dense({ units: classes, name: 'out' }));
  return model;
}`,
    );
    const loaded = await folder.load(text);
    const model = build(loaded);
    const found = model.layers.map((layer) => loaded.layerPlace(layer)!);
    assert.deepEqual(
      found.map(({ location }) => at(location)),
      [
        placeOf(text, 'layers.flatten').replace(/\d+$/, (c) => String(Number(c) + 'layers.'.length)),
        ...Array.from({ length: 3 }, () => placeOf(text, 'dense({ units, activation')),
        placeOf(text, 'new Twice'),
        placeOf(text, "dense({ units: classes, name: 'out'"),
      ],
    );
    assert.deepEqual(
      found.map(({ type }) => type),
      ['Flatten', 'Dense', 'Dense', 'Dense', 'Twice', 'Dense'],
    );
    assert.equal(at(found[1]!.trace[1]), placeOf(text, 'block(units))'), 'the call of the helper is kept too');
    assert.equal(at(loaded.layerLocation('out')), placeOf(text, "dense({ units: classes, name: 'out'"));
    assert.equal(loaded.layerLocation('nobody'), undefined);
    const prediction = model.predict(tf.ones([2, 8, 8, 1])) as tf.Tensor;
    assert.deepEqual(prediction.shape, [2, 4]);
    model.dispose();
  });

  it('serves layer classes and functions that still are those of tfjs', async () => {
    const loaded = await folder.load(
      modelFile(`tf.model({ inputs: tf.input({ shape: inputShape }), outputs: [] as never })`).replace(
        "'Test'",
        '`${tf.layers.dense.name} ${tf.layers.dense({ units: 1 }) instanceof tf.layers.Layer} ${tf.sequential() instanceof tf.LayersModel}`',
      ),
    );
    assert.equal(loaded.experiment.title, 'dense true true');
  });

  it('places a functional model’s inputs and layers, also those that a wrapper holds', async () => {
    const text = modelFile(`{
    const image = tf.input({ shape: inputShape, name: 'image' });
    const flat = tf.layers.flatten({ name: 'flat' }).apply(image) as tf.SymbolicTensor;
    return tf.model({ inputs: image, outputs: tf.layers.dense({ units: classes }).apply(flat) as tf.SymbolicTensor });
  }`);
    const loaded = await folder.load(text);
    const model = build(loaded);
    assert.equal(at(loaded.layerLocation('image')), placeOf(text, "input({ shape: inputShape, name: 'image'"));
    assert.equal(at(loaded.layerLocation('flat')), placeOf(text, "flatten({ name: 'flat'"));
    model.dispose();
  });

  it('names layer, expected and found shape, and both lines, when a convolution follows flatten', async () => {
    const text = modelFile(`tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape, name: 'flat' }),
      tf.layers.conv2d({ filters: 4, kernelSize: 3, name: 'conv' }),
      tf.layers.dense({ units: classes }),
    ],
  })`);
    const loaded = await folder.load(text);
    const error = failure(() => build(loaded));
    assert.equal(error.code, 'MODEL_SHAPE');
    assert.match(error.message, /layer conv\b/);
    assert.match(error.expected ?? '', /4 dimensions/);
    assert.match(error.found ?? '', /2 dimensions; \[null, 64\] from flat \(model\.ts:\d+\)/);
    assert.equal(at(error.location), placeOf(text, "conv2d({ filters: 4, kernelSize: 3, name: 'conv'"));
    assert.ok(error.found?.includes(`model.ts:${placeOf(text, 'flatten({').split(':')[0]}`));
  });

  it('names the layer when the model is called with another shape', async () => {
    const text = modelFile(`tf.sequential({ layers: [
      tf.layers.dense({ units: 3, inputShape: [8], name: 'first' }),
      tf.layers.dense({ units: classes }),
    ] })`);
    const loaded = await folder.load(text);
    const model = build(loaded);
    const error = failure(() => withModelErrors(loaded, () => model.apply(tf.ones([2, 5]))));
    assert.equal(error.code, 'MODEL_SHAPE');
    assert.match(error.found ?? '', /\[2, 5\]/);
    assert.match(error.expected ?? '', /8/);
    assert.equal(at(error.location), placeOf(text, "dense({ units: 3, inputShape: [8], name: 'first'"));
    const byPredict = failure(() => withModelErrors(loaded, () => model.predict(tf.ones([2, 5]))));
    assert.equal(byPredict.code, 'MODEL_SHAPE');
    model.dispose();
  });

  for (const [what, model, expected] of [
    [
      'a window larger than its input',
      `tf.sequential({ layers: [tf.layers.conv2d({ filters: 2, kernelSize: 9, inputShape, name: 'bad' }), tf.layers.maxPooling2d({ poolSize: 2 })] })`,
      /bad|maxPooling|max_pooling/i,
    ],
    [
      'a first layer without inputShape',
      `tf.sequential({ layers: [tf.layers.dense({ units: 3, name: 'bad' })] })`,
      /inputShape/,
    ],
    [
      'branches that cannot be added',
      `(() => { const i = tf.input({ shape: [4] }); const a = tf.layers.dense({ units: 3 }).apply(i) as tf.SymbolicTensor; const b = tf.layers.dense({ units: 2 }).apply(i) as tf.SymbolicTensor; return tf.model({ inputs: i, outputs: tf.layers.add({ name: 'bad' }).apply([a, b]) as tf.SymbolicTensor }); })()`,
      /bad/,
    ],
    [
      'a reshape to another size',
      `tf.sequential({ layers: [tf.layers.reshape({ targetShape: [63], inputShape, name: 'bad' })] })`,
      /bad/,
    ],
  ] as const) {
    it(`recognises ${what}`, async () => {
      const loaded = await folder.load(modelFile(model));
      const error = failure(() =>
        withModelErrors(loaded, () => build(loaded).predict(tf.ones([1, ...INFO.inputShape]))),
      );
      assert.equal(error.code, 'MODEL_SHAPE', JSON.stringify(error));
      assert.match(`${error.message} ${error.expected ?? ''}`, expected, JSON.stringify(error));
      assert.ok((error.location?.line ?? 0) > 0, JSON.stringify(error));
    });
  }

  it('places a product of tensors that do not fit at the learner’s line', async () => {
    const text = modelFile(`{
    tf.matMul(tf.ones([2, 3]), tf.ones([4, 5]));
    return tf.sequential();
  }`);
    const loaded = await folder.load(text);
    const error = failure(() => build(loaded));
    assert.equal(error.code, 'MODEL_SHAPE');
    assert.match(error.found ?? '', /\[2, 3\] and \[4, 5\]|3 and 4/);
    assert.equal(at(error.location), placeOf(text, 'matMul('));
  });

  it('places an output that does not fit the targets at the output layer', async () => {
    const text = modelFile(`tf.sequential({ layers: [
      tf.layers.flatten({ inputShape }),
      tf.layers.dense({ units: 1, name: 'out' }),
    ] })`);
    const loaded = await folder.load(text);
    const model = build(loaded);
    const loss = losses.categoricalCrossentropy();
    const error = failure(() =>
      withModelErrors(loaded, () => loss.compute(tf.ones([2, 4]), model.apply(tf.ones([2, 8, 8, 1])) as tf.Tensor)),
    );
    assert.equal(error.code, 'MODEL_SHAPE');
    assert.match(error.found ?? '', /targets \[2, 4\], output \[2, 1\]/);
    assert.equal(at(error.location), placeOf(text, "dense({ units: 1, name: 'out'"));
    model.dispose();
  });

  it('leaves what is no fault of the model file as it is, also from a promise', async () => {
    const loaded = await folder.load(modelFile('tf.sequential()'));
    const ours = new TypeError('a fault of the trainer');
    assert.throws(
      () =>
        withModelErrors(loaded, () => {
          throw ours;
        }),
      (error) => error === ours,
    );
    await assert.rejects(
      withModelErrors(loaded, async () => Promise.reject(ours)),
      (error) => error === ours,
    );
    const cancelled = new LabError({ code: 'CANCELLED', message: 'enough' });
    await assert.rejects(
      withModelErrors(loaded, async () => Promise.reject(cancelled)),
      (error) => error === cancelled,
    );
    assert.equal(await withModelErrors(loaded, async () => Promise.resolve(5)), 5);
  });

  it('leaves the learner’s own error about a shape theirs', async () => {
    const text = modelFile(`{ throw new Error('my shape is wrong'); }`);
    const loaded = await folder.load(text);
    const error = failure(() => build(loaded));
    assert.equal(error.code, 'MODEL_THREW');
    assert.equal(at(error.location), placeOf(text, 'new Error'));
  });
});
