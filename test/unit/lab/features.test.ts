import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';
import { datasets, experiment, features, losses, tf, type InMemoryDataset, type PlainSplit } from '../../../src/lab';
import { loadBackbone } from '../../../src/lab/pretrained/backbone';
import { NumbersCache } from '../../../src/lab/datasets/own/cache';
import { trainInCheck } from '../../../src/trainer/grading/training';
import { DataFolder, refused } from './dataFolder';
import { useEngine } from './tensorflow';

const SHARED = path.resolve('..', 'shared', 'datasets');
const PACKED = path.join(defaultCache(), 'data');

/** Pictures of our own: a colour each, or a gradient. */
function pictures(count: number): InMemoryDataset {
  const split = (length: number): PlainSplit => ({
    length,
    x: Uint8Array.from({ length: length * 8 * 8 * 3 }, (_, i) => (i * (7 + Math.floor(i / 192))) % 256),
    y: Int32Array.from({ length }, (_, i) => i % 2),
  });
  return {
    ...datasets.cifar10({ train: count, test: 2 }),
    inputShape: [8, 8, 3],
    classes: ['a', 'b'],
    load: () => Promise.resolve({ train: split(count), test: split(2) }),
  };
}

describe('lab/pretrained: features', function () {
  this.timeout(60_000);
  let folder: DataFolder;
  before(useEngine);
  beforeEach(() => {
    folder = new DataFolder();
  });
  afterEach(() => {
    folder.remove();
  });
  const stored = (): string[] => {
    const place = path.join(folder.path, 'cache', 'features');
    return fs.existsSync(place) ? fs.readdirSync(place).map((name) => path.join(place, name)) : [];
  };
  const computed = (): number => folder.progress.filter(({ text }) => text.startsWith('Computing features')).length;

  it('are what the network published, whole, answers', async () => {
    const models = path.resolve('node_modules/@vladmandic/human/models');
    const json = JSON.parse(fs.readFileSync(path.join(models, 'centernet.json'), 'utf8')) as {
      modelTopology: { node: { op: string; attr: { shape: unknown } }[] };
      weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
    };
    for (const { op, attr } of json.modelTopology.node) {
      if (op === 'Placeholder')
        attr.shape = { shape: { dim: [-1, -1, -1, 3].map((size) => ({ size: String(size) })) } };
    }
    const whole = await tf.loadGraphModel({
      load: () =>
        Promise.resolve({
          format: 'graph-model',
          modelTopology: json.modelTopology,
          weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
          weightData: new Uint8Array(fs.readFileSync(path.join(models, 'centernet.bin'))).buffer,
        }),
    });
    const input = tf.tidy(() => tf.randomUniform<tf.Rank.R4>([2, 64, 96, 3], 0, 255, 'float32', 5));
    const expected = tf.tidy(() => {
      const maps = whole.execute({ 'tower_0/images': input }, 'tower_0/MobilenetV3/expanded_conv_11/add') as tf.Tensor;
      assert.deepEqual(maps.shape, [2, 4, 6, 88]);
      return maps.mean([1, 2]);
    });
    const backbone = await loadBackbone('mobilenetV3', folder.context([PACKED]));
    const found = backbone.compute(input);
    assert.deepEqual(found.shape, [2, 88]);
    const [a, b] = [found.dataSync(), expected.dataSync()];
    const scale = Math.max(...b.map(Math.abs));
    assert.ok(scale > 0.5, 'the answer is not nothing');
    a.forEach((value, i) => {
      assert.ok(Math.abs(value - b[i]!) <= 1e-4 * scale, `feature ${i}: ${value}, expected ${b[i]}`);
    });
    tf.dispose([input, expected, found]);
    whole.dispose();
    backbone.dispose();
  });

  it('have a row an example, the same for the same picture, and the picture after them when asked for', async () => {
    const before = tf.memory().numTensors;
    const plain = features(pictures(40), { size: 32 });
    const both = features(pictures(40), { size: 32, pixels: true });
    assert.deepEqual([plain.kind, plain.inputShape, both.inputShape], ['table', [88], [88 + 192]]);
    assert.match(plain.licence, /Krizhevsky.*MobileNetV3.*MIT/);
    const { train, test } = await plain.load(folder.context([PACKED]));
    assert.deepEqual([train.length, train.x.length, test.x.length], [40, 40 * 88, 2 * 88]);
    assert.deepEqual(Array.from(train.y.subarray(0, 3)), [0, 1, 0]);
    const row = (index: number): number[] => Array.from(train.x.subarray(88 * index, 88 * (index + 1)));
    assert.ok(row(0).every(Number.isFinite));
    assert.notDeepEqual(row(0), row(1));
    // The test pictures are the first two training pictures; a batch of 2 and one of 32 round differently.
    row(0).forEach((value, i) => {
      assert.ok(Math.abs(value - test.x[i]!) < 1e-3);
    });
    const rows = (await both.load(folder.context([PACKED]))).train.x;
    assert.deepEqual(Array.from(rows.subarray(280, 280 + 88)), row(1));
    const pixels = (await pictures(40).load(folder.context())).train.x;
    assert.ok(Math.abs(rows[280 + 88 + 5]! - pixels[192 + 5]! / 255) < 1e-6);
    assert.equal(tf.memory().numTensors, before, 'no tensor is left');
  });

  it('give a model a first layer for each part of a row', async () => {
    const data = features(pictures(4), { size: 32, pixels: true });
    const { x } = (await data.load(folder.context([PACKED]))).train;
    const input = tf.tensor2d(x as Float32Array, [4, 280]);
    const seen = tf.sequential({ layers: [data.featureInput()] });
    const shown = tf.sequential({ layers: [data.pixelInput(), tf.layers.conv2d({ filters: 2, kernelSize: 3 })] });
    assert.deepEqual(
      [seen.outputs[0]!.shape, shown.layers[0]!.outputShape],
      [
        [null, 88],
        [null, 8, 8, 3],
      ],
    );
    const vectors = seen.predict(input) as tf.Tensor;
    assert.deepEqual(Array.from(vectors.dataSync().subarray(88, 176)), Array.from(x.subarray(280, 280 + 88)));
    const maps = shown.predict(input) as tf.Tensor;
    assert.deepEqual(maps.shape, [4, 6, 6, 2]);
    assert.throws(() => features(pictures(4)).pixelInput(), /features: pixels: expected true/);
    tf.dispose([input, vectors, maps]);
    seen.dispose();
    shown.dispose();
  });

  it('are computed once: from then on they come from the cache, for these pictures and this size', async () => {
    const load = (count: number, size: number): Promise<unknown> =>
      features(pictures(count), { size }).load(folder.context([PACKED]));
    await load(40, 32);
    const first = computed();
    assert.equal(first, 3, 'two batches of training pictures, one of test pictures');
    await load(40, 32);
    assert.equal(computed(), first);
    await load(41, 32);
    assert.equal(computed(), first + 2, 'other training pictures, the same test pictures');
    await load(40, 64);
    assert.equal(computed(), first + 5);
    assert.deepEqual(folder.warnings, []);
  });

  it('are computed again, after a notice, when the cache is damaged', async () => {
    const data = features(pictures(5), { size: 32 });
    const { train } = await data.load(folder.context([PACKED]));
    for (const damage of [
      (bytes: Buffer) => bytes.subarray(0, bytes.length - 4),
      (bytes: Buffer) => (bytes.writeUInt8(bytes.readUInt8(60) ^ 1, 60), bytes),
      () => Buffer.alloc(0),
    ]) {
      folder.warnings.length = 0;
      for (const file of stored()) fs.writeFileSync(file, damage(fs.readFileSync(file)));
      const again = await data.load(folder.context([PACKED]));
      assert.deepEqual(again.train.x, train.x);
      assert.equal(folder.warnings.length, 2);
      assert.match(folder.warnings[0]!, /cannot be used; they are computed again/);
    }
    assert.deepEqual(
      stored().filter((name) => !name.endsWith('.f32')),
      [],
    );
  });

  it('are computed even where they cannot be kept, with a notice', async () => {
    folder.write('cache', Buffer.from('a file where the folder should be'));
    const { train } = await features(pictures(3), { size: 32 }).load(folder.context([PACKED]));
    assert.equal(train.x.length, 3 * 88);
    assert.match(folder.warnings.join(), /cannot be used.*could not be stored/);
  });

  it('keep their cache below a limit: what was not used for longest goes first', async () => {
    const context = folder.context();
    const cache = new NumbersCache(context, 3 * (4 * 100 + 32));
    for (const key of ['a', 'b', 'c']) await cache.write(key, new Float32Array(100).fill(1));
    const place = path.join(folder.path, 'cache', 'features');
    ['a', 'b', 'c'].forEach((key, i) => {
      fs.utimesSync(path.join(place, `${key}.f32`), 1000 + i, 1000 + i);
    });
    assert.equal((await cache.read('a', 100))?.[99], 1); // used: now the newest
    await cache.write('d', new Float32Array(100));
    assert.deepEqual(fs.readdirSync(place).sort(), ['a.f32', 'c.f32', 'd.f32']);
    assert.equal(await cache.read('b', 100), undefined);
    assert.deepEqual(folder.warnings, []);
  });

  it('stop being computed when cancelled, and keep nothing half-done', async () => {
    const before = tf.memory().numTensors;
    const context = folder.context([PACKED]);
    const loading = features(pictures(200), { size: 32 }).load({
      ...context,
      progress: (text, fraction) => {
        context.progress(text, fraction);
        if (fraction !== null && fraction > 0.3) folder.abort.abort();
      },
    });
    await refused(loading, 'CANCELLED');
    assert.deepEqual(stored(), []);
    assert.equal(tf.memory().numTensors, before);
  });

  it('say what is wrong with the network on this machine: missing, or damaged', async () => {
    const data = features(pictures(3), { size: 32 });
    const missing = await refused(data.load(folder.context()), 'DATA_MISSING');
    assert.match(missing.message, /MobileNetV3/);
    fs.cpSync(path.join(PACKED, 'mobilenet-v3'), path.join(folder.path, 'mobilenet-v3'), { recursive: true });
    const weights = path.join(folder.path, 'mobilenet-v3', 'weights.bin.gz');
    const whole = fs.readFileSync(weights);
    fs.writeFileSync(weights, whole.subarray(0, 1000));
    await refused(data.load(folder.context()), 'DATA_CORRUPT');
    fs.writeFileSync(weights, fs.readFileSync(path.join(folder.path, 'mobilenet-v3', 'model.json.gz')));
    const other = await refused(data.load(folder.context()), 'DATA_CORRUPT');
    assert.match(other.expected ?? '', /SHA-256/);
  });

  it('are refused for what is no set of pictures, and for options that nobody knows', () => {
    assert.throws(() => features(datasets.spirals()), /features: data.*pictures/);
    assert.throws(() => features(pictures(3), { size: 16 }), /features: size/);
    assert.throws(() => features(pictures(3), { backbone: 'vgg' } as object), /features: backbone.*mobilenetV3.*vgg/);
    assert.throws(() => features(pictures(3), { sise: 64 } as object), /features/);
    assert.throws(() => features(pictures(3), { pixels: 1 } as object), /features: pixels/);
    assert.throws(() => features(datasets.cifar10(), { pixels: true }), /at most 42473 examples/);
  });

  it('let a linear model learn more from few photographs than a convolutional network from their pixels', async function () {
    if (!fs.existsSync(path.join(SHARED, 'cifar-10-batches-bin'))) {
      console.log('      skipped: ../shared/datasets is absent');
      this.skip();
    }
    const data = features(datasets.cifar10({ train: 200, test: 200 }), { size: 96, pixels: true });
    const split = await data.load(folder.context([SHARED, PACKED]));
    const accuracy = async (layers: () => tf.layers.Layer[], epochs: number): Promise<number> => {
      const training = experiment({
        title: 'Check',
        data,
        model: () => tf.sequential({ layers: [...layers(), tf.layers.dense({ units: 10 })] }),
        optimizer: () => tf.train.adam(0.003),
        loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
        metrics: ['accuracy'],
        epochs,
        batchSize: 20,
      });
      return (await trainInCheck(training, split)).epochs.at(-1)!['val_accuracy']!;
    };
    const transfer = await accuracy(() => [data.featureInput()], 30);
    const scratch = await accuracy(
      () => [
        data.pixelInput(),
        tf.layers.conv2d({ filters: 16, kernelSize: 3, activation: 'relu' }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
      ],
      15,
    );
    assert.ok(transfer > scratch + 0.1, `${transfer} against ${scratch}`);
    assert.ok(transfer > 0.4, String(transfer));
  });
});
