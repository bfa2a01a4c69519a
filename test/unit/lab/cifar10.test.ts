import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { datasets } from '../../../src/lab';
import { RECORD } from '../../../src/lab/datasets/cifar10Files';
import { DataFolder, refused } from './dataFolder';

const SHARED = path.resolve('..', 'shared', 'datasets');

/** Records whose bytes tell where they come from: red 1, green 2, blue 3, plus the image's number. */
function records(labels: readonly number[]): Buffer {
  return Buffer.concat(
    labels.map((label, n) => {
      const planes = [1, 2, 3].map((colour) => Buffer.alloc(1024, 10 * n + colour));
      return Buffer.concat([Buffer.from([label]), ...planes]);
    }),
  );
}

describe('lab/datasets: CIFAR-10 from a folder', () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder();
    folder.write('cifar-10-batches-bin/data_batch_1.bin', records([3, 9, 0]));
    folder.write('cifar-10-batches-bin/test_batch.bin', records([1, 2]));
  });
  afterEach(() => {
    folder.remove();
  });

  it('turns planes into pixels and reads only what is asked for', async () => {
    const { train, test } = await datasets.cifar10({ train: 2, test: 1 }).load(folder.context());
    assert.deepEqual([...train.y], [3, 9]);
    assert.deepEqual([...test.y], [1]);
    assert.equal(train.x.length, 2 * 32 * 32 * 3);
    assert.deepEqual([...train.x.subarray(0, 6)], [1, 2, 3, 1, 2, 3]);
    assert.deepEqual([...train.x.subarray(-3)], [11, 12, 13]);
  });

  it('takes the files also without their folder, and the first folder that has enough', async () => {
    folder.write('own/data_batch_1.bin', records([5]));
    folder.write('own/test_batch.bin', records([6]));
    const directories = [path.join(folder.path, 'own'), folder.path];
    const one = await datasets.cifar10({ train: 1, test: 1 }).load(folder.context(directories));
    assert.deepEqual([...one.train.y, ...one.test.y], [5, 6]);
    const two = await datasets.cifar10({ train: 2, test: 1 }).load(folder.context(directories));
    assert.deepEqual([...two.train.y, ...two.test.y], [3, 9, 1]);
  });

  it('goes on in the next file when the first is whole', async () => {
    folder.write('cifar-10-batches-bin/data_batch_1.bin', records(Array.from({ length: 10_000 }, (_, n) => n % 10)));
    folder.write('cifar-10-batches-bin/data_batch_2.bin', records([7]));
    const { train } = await datasets.cifar10({ train: 10_001, test: 1 }).load(folder.context());
    assert.deepEqual([...train.y.subarray(9_998)], [8, 9, 7]);
    assert.deepEqual([...train.x.subarray(-3)], [1, 2, 3]);
  });

  it('refuses a truncated file with the bytes expected and found, and labels beyond the classes', async () => {
    folder.write('cifar-10-batches-bin/data_batch_1.bin', records([3, 9, 0]).subarray(0, 3 * RECORD - 5));
    const cut = await refused(datasets.cifar10({ train: 1, test: 1 }).load(folder.context()), 'DATA_CORRUPT');
    assert.match(cut.expected ?? '', /9219 bytes, 3 images of 3073 bytes/);
    assert.match(cut.found ?? '', /9214 bytes/);
    folder.write('cifar-10-batches-bin/data_batch_1.bin', Buffer.alloc(0));
    await refused(datasets.cifar10({ train: 1, test: 1 }).load(folder.context()), 'DATA_CORRUPT');
    folder.write('cifar-10-batches-bin/data_batch_1.bin', records([3, 10]));
    const label = await refused(datasets.cifar10({ train: 2, test: 1 }).load(folder.context()), 'DATA_LABEL_RANGE');
    assert.match(label.message, /label 10 of example 1/);
  });

  it('describes itself, and refuses counts out of range', () => {
    const cifar10 = datasets.cifar10();
    assert.deepEqual([cifar10.train, cifar10.test, cifar10.inputShape], [50_000, 10_000, [32, 32, 3]]);
    assert.match(cifar10.licence, /Krizhevsky 2009.*no licence stated/);
    assert.throws(() => datasets.cifar10({ train: 50_001 }), /cifar10: train/);
    assert.throws(() => datasets.cifar10({ trian: 5 } as object), /datasets\.cifar10/);
  });

  it('reads the real images: known labels, colours in the right channels', async function () {
    if (!fs.existsSync(path.join(SHARED, 'cifar-10-batches-bin'))) {
      console.log('      skipped: ../shared/datasets is absent');
      this.skip();
    }
    const { train, test } = await datasets.cifar10({ train: 4_000, test: 1_000 }).load(folder.context([SHARED]));
    // The first training images are a frog, two trucks, a deer, a car; the first test images a cat and two ships.
    assert.deepEqual([...train.y.subarray(0, 5)], [6, 9, 9, 4, 1]);
    assert.deepEqual([...test.y.subarray(0, 3)], [3, 8, 8]);
    // The publisher's Python version begins with the red plane 59, 43, 50 and the green plane 62, 46, 48.
    assert.deepEqual(
      [train.x[0], train.x[3], train.x[6], train.x[1], train.x[4], train.x[7]],
      [59, 43, 50, 62, 46, 48],
    );
    const hash = createHash('md5').update(train.x).digest('hex');
    const raw = fs.readFileSync(path.join(SHARED, 'cifar-10-batches-bin', 'data_batch_1.bin'));
    const expected = Buffer.alloc(4_000 * 3072);
    for (let n = 0; n < 4_000; n++)
      for (let c = 0; c < 3; c++)
        for (let i = 0; i < 1024; i++) expected[n * 3072 + i * 3 + c] = raw[n * RECORD + 1 + c * 1024 + i]!;
    assert.equal(hash, createHash('md5').update(expected).digest('hex'));
  });
});
