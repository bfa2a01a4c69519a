/** Folders of pictures as data sets: what is known at once, what is loaded, kept and left out. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { datasets } from '../../../src/lab';
import type { PlainSplit } from '../../../src/lab';
import { loadSplits } from '../../../src/lab/loadSplits';
import { DataFolder, refused, thrown } from './dataFolder';
import { plainPng, png, turnedJpeg } from './pictures/files';
import { FILES, UPRIGHT } from './pictures/pillow';

const CARDS = path.resolve(process.cwd(), '..', 'shared', 'datasets', 'playing-cards', 'test');

describe('lab/datasets: images', () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const at = (name: string): string => path.join(folder.path, name);
  const images = (options: Partial<datasets.ImagesOptions> = {}, name = 'photos'): ReturnType<typeof datasets.images> =>
    datasets.images(at(name), { size: [4, 4], ...options });

  async function load(data: ReturnType<typeof images>): Promise<{ train: PlainSplit; test: PlainSplit }> {
    await loadSplits(data, folder.context());
    folder.warnings.length = 0;
    return data.load(folder.context());
  }

  /** Red ones and blue ones, each with its number in green. */
  function fill(red = 6, blue = 4, name = 'photos'): void {
    for (let i = 0; i < red; i++) folder.write(`${name}/red/${i}.png`, plainPng(255, i, 0));
    for (let i = 0; i < blue; i++) folder.write(`${name}/blue/deeper/${i}.png`, plainPng(0, i, 255));
  }

  /** "label:green" of each picture. */
  const seen = ({ x, y, length }: PlainSplit): string[] =>
    Array.from({ length }, (_, row) => {
      const size = x.length / length;
      const [red, , blue] = x.slice(row * size, row * size + 3);
      assert.deepEqual([red, blue], y[row] === 1 ? [255, 0] : [0, 255], 'a picture has its own label');
      return `${y[row]}:${x[row * size + 1]}`;
    });

  it('have a class for each folder, sorted, with all that lies below; shape and counts are known before one is read', async () => {
    fill();
    folder.write('photos/.DS_Store', Buffer.of(1));
    folder.write('photos/notes.txt', Buffer.from('mine'));
    const data = images();
    assert.deepEqual([data.name, data.kind, data.inputShape, data.targetShape], ['photos', 'images', [4, 4, 3], []]);
    assert.deepEqual([data.classes, data.train, data.test], [['blue', 'red'], 8, 2]);
    const { train, test } = await load(data);
    assert.ok(train.x instanceof Uint8Array && train.x.length === 8 * 48);
    const all = [...seen(train), ...seen(test)].sort();
    assert.deepEqual(all, ['0:0', '0:1', '0:2', '0:3', '1:0', '1:1', '1:2', '1:3', '1:4', '1:5']);
    assert.deepEqual([...test.y].sort(), [0, 1], 'as many of each class');
    assert.deepEqual(folder.warnings, []);
  });

  it('are listed without being opened: what cannot be opened does not hold up the editor', () => {
    for (let i = 0; i < 500; i++) folder.write(`photos/${i % 2 === 0 ? 'a' : 'b'}/${i}.jpg`, Buffer.of(0));
    const data = images({ size: [96, 96] });
    assert.deepEqual([data.train, data.test], [400, 100]);
  });

  it('are divided the same way by the same seed, and not at all where a folder for testing is named', async () => {
    fill(20, 20);
    const tested = async (seed: number): Promise<string> => seen((await load(images({ seed }))).test).join();
    assert.equal(await tested(5), await tested(5));
    assert.notEqual(await tested(5), await tested(6));
    fill(2, 3, 'later');
    folder.write('later/green/1.png', plainPng(0, 255, 0));
    const { train, test } = await load(images({ test: at('later') }));
    assert.deepEqual([train.length, test.length], [40, 5]);
    assert.deepEqual(seen(test).sort(), ['0:0', '0:1', '0:2', '1:0', '1:1']);
    assert.match(folder.warnings.join(), /green\/1\.png: the class green is not in photos/);
  });

  it('say how to load a folder that somebody has divided', () => {
    fill(2, 2, 'photos/train');
    fill(2, 2, 'photos/val');
    const { remedy } = thrown(() => images(), 'EXPERIMENT_INVALID');
    assert.ok(remedy?.includes(`datasets.images('${at('photos')}/train', { test: '${at('photos')}/val'`), remedy);
    const data = images({ test: at('photos/val') }, 'photos/train');
    assert.deepEqual([data.train, data.test], [4, 4]);
    thrown(() => images({ test: at('photos/train/red') }, 'photos/train'), 'EXPERIMENT_INVALID');
  });

  it('take every format by what is in it, turned as EXIF says, grey where one channel is asked for', async () => {
    const formats = ['jpeg, colours halved', 'png, colours', 'gif', 'webp', 'bmp'];
    formats.forEach((name, place) => {
      // Each under a name that is wrong.
      for (const label of ['a', 'b'])
        folder.write(`photos/${label}/${place}.txt`, Buffer.from(FILES[name]?.file ?? '', 'base64'));
    });
    folder.write('photos/b/turned.png', turnedJpeg(Buffer.from(UPRIGHT, 'base64'), 6));
    const data = images({ size: [10, 12], channels: 1 });
    assert.deepEqual(data.inputShape, [10, 12, 1]);
    const { train, test } = await load(data);
    assert.equal(train.length + test.length, 11);
    assert.equal(train.x.length, train.length * 120);
    assert.deepEqual(folder.warnings, []);
  });

  it('leave out what cannot be used, name ten with their reasons, count the rest, and do so again from the cache', async () => {
    fill();
    folder.write('photos/red/empty.png', Buffer.alloc(0));
    folder.write('photos/red/text.jpg', Buffer.from('no picture'));
    folder.write('photos/blue/half.png', plainPng(1, 2, 3).subarray(0, 60));
    folder.write('photos/stray.png', plainPng(1, 2, 3));
    for (let i = 0; i < 10; i++) folder.write(`photos/blue/more/${i}`, Buffer.of(7));
    const data = images();
    assert.equal(data.train + data.test, 23);
    for (const when of ['decoded', 'kept']) {
      folder.warnings.length = 0;
      const { train, test } = await data.load(folder.context());
      assert.equal(train.length + test.length, 10, when);
      assert.equal([...seen(train), ...seen(test)].length, 10);
      const [warning = ''] = folder.warnings;
      assert.equal(folder.warnings.length, 1);
      assert.match(warning, /^photos: 14 left out/);
      for (const part of [/stray\.png: lies in no subfolder/, /… and 4 more/]) assert.match(warning, part);
      assert.ok(warning.split('\n').length === 12, warning);
    }
    fs.rmSync(at('photos/blue/more'), { recursive: true });
    folder.warnings.length = 0;
    await data.load(folder.context());
    for (const part of [/red\/empty\.png: an empty file/, /red\/text\.jpg: no picture/, /blue\/half\.png: .*too early/])
      assert.match(folder.warnings.join(), part);
  });

  it('are decoded once: the second time comes from the cache, another size, another file or a damaged cache does not', async () => {
    fill();
    const decoded = async (data = images()): Promise<boolean> => {
      folder.progress.length = 0;
      await data.load(folder.context());
      return folder.progress.some(({ text }) => text.startsWith('Decoding'));
    };
    assert.equal(await decoded(), true);
    assert.equal(await decoded(), false);
    assert.equal(await decoded(images({ size: [5, 4] })), true);
    assert.equal(await decoded(images({ seed: 1, fit: 'contain' })), true);
    const file = at('photos/red/3.png');
    fs.writeFileSync(file, plainPng(255, 99, 0));
    fs.utimesSync(file, new Date(), new Date(Date.now() + 5_000));
    assert.equal(await decoded(), true);
    const { train, test } = await images().load(folder.context());
    assert.ok([...seen(train), ...seen(test)].includes('1:99'), 'what is there now');
    const kept = at('cache/pictures');
    for (const name of fs.readdirSync(kept)) {
      const bytes = fs.readFileSync(path.join(kept, name));
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      fs.writeFileSync(path.join(kept, name), bytes);
    }
    folder.warnings.length = 0;
    assert.equal(await decoded(), true);
    assert.match(folder.warnings.join(), /cannot be used; they are decoded again/);
  });

  it('can be called off while they are decoded, and leave nothing in the cache', async () => {
    const large = png({ width: 300, height: 300, kind: 'grey' }, (x, y) => (x * y) % 256);
    for (let i = 0; i < 60; i++) folder.write(`photos/${i % 2 === 0 ? 'a' : 'b'}/${i}.png`, large);
    const data = images({ size: [64, 64] });
    const context = folder.context();
    const loading = data.load({
      ...context,
      progress: (text) => {
        if (text.startsWith('Decoding')) folder.abort.abort();
      },
    });
    await refused(loading, 'CANCELLED');
    assert.equal(fs.existsSync(at('cache/pictures')), false);
  });

  it('have the classes that a table gives them: by path, by name, without ending; each fault with its line', async () => {
    for (let i = 0; i < 6; i++)
      folder.write(`photos/${i < 3 ? 'x' : 'y'}/img${i}.png`, plainPng(i < 3 ? 255 : 0, i, i < 3 ? 0 : 255));
    const rows = [
      'id,kind',
      'x/img0.png,9',
      'img1.png,9',
      'img2,9',
      'y/img3,10',
      'y\\img4.png,10',
      'none,9',
      'img0,9',
      'img5.png,',
    ];
    folder.write('names.csv', Buffer.from(rows.join('\n')));
    const table = { file: at('names.csv'), image: 'id', label: 'kind' };
    const data = images({ table });
    assert.deepEqual([data.classes, data.train + data.test], [['9', '10'], 5]);
    const { train, test } = await load(data);
    const label = (split: PlainSplit): string[] =>
      Array.from({ length: split.length }, (_, row) => `${split.x[row * 48]}:${split.y[row]}`);
    assert.deepEqual([...label(train), ...label(test)].sort(), ['0:1', '0:1', '255:0', '255:0', '255:0']);
    const warning = folder.warnings.join();
    for (const part of [/line 7: there is no picture none/, /line 8: img0 has a class already/, /line 9: no class/])
      assert.match(warning, part);
    assert.match(warning, /y\/img5\.png: not named in names\.csv/);
    const wrong = thrown(() => images({ table: { ...table, label: 'knid' } }), 'EXPERIMENT_INVALID');
    assert.match(wrong.remedy ?? '', /'kind'/);
    folder.write('photos/inside.csv', Buffer.from(rows.join('\n')));
    const inside = thrown(() => images({ table: { ...table, file: 'inside.csv' } }), 'DATA_MISSING');
    assert.match(inside.remedy ?? '', /photos\/inside\.csv/);
  });

  it('take names in any script, and follow links once round', async () => {
    for (const label of ['猫', 'größer'])
      for (let i = 0; i < 3; i++) folder.write(`photos/${label}/Bild ${i} 图.png`, plainPng(9, 9, 9));
    fs.symlinkSync(at('photos'), at('photos/猫/round'));
    fs.symlinkSync(at('nowhere'), at('photos/猫/nowhere'));
    const data = images();
    assert.deepEqual(data.classes, ['größer', '猫']);
    const { train, test } = await load(data);
    assert.equal(train.length + test.length, 6);
    assert.deepEqual(folder.warnings, []);
  });

  it('are refused with what to do: no folder, a file, nothing in it, one class, nothing usable', async () => {
    fill();
    assert.match(thrown(() => images({}, 'photo'), 'DATA_MISSING').remedy ?? '', /photos/);
    folder.write('single', plainPng(1, 1, 1));
    assert.match(thrown(() => images({}, 'single'), 'DATA_MISSING').remedy ?? '', /folder/);
    fs.mkdirSync(at('none'));
    thrown(() => images({}, 'none'), 'DATA_UNUSABLE');
    for (let i = 0; i < 3; i++) folder.write(`flat/${i}.png`, plainPng(1, 1, 1));
    assert.match(thrown(() => images({}, 'flat'), 'DATA_UNUSABLE').message, /0\.png: lies in no subfolder/);
    for (const name of ['1', '2']) folder.write(`one/cat/${name}.png`, plainPng(1, 1, 1));
    assert.match(thrown(() => images({}, 'one'), 'EXPERIMENT_INVALID').found ?? '', /'cat'/);
    for (const label of ['a', 'b']) for (let i = 0; i < 2; i++) folder.write(`bad/${label}/${i}`, Buffer.of(1));
    const bad = await refused(images({}, 'bad').load(folder.context()), 'DATA_UNUSABLE');
    assert.match(bad.message, /a\/0: no picture/);
    for (const options of [
      { size: [0, 4] },
      { size: 4 },
      { channels: 2 },
      { fit: 'crop' },
      { test: 1 },
      { seeds: 1 },
      { table: {} },
    ])
      thrown(() => images(options as unknown as datasets.ImagesOptions), 'EXPERIMENT_INVALID');
    thrown(() => images({ size: [1025, 4] }), 'EXPERIMENT_INVALID');
  });

  it('are refused when the classes are other ones than when the model was made', async () => {
    fill();
    const data = images();
    folder.write('photos/green/1.png', plainPng(0, 255, 0));
    const { remedy } = await refused(data.load(folder.context()), 'DATA_INVALID');
    assert.match(remedy ?? '', /again/);
    fs.rmSync(at('photos/green'), { recursive: true });
    fs.mkdirSync(at('photos/green'));
    await data.load(folder.context());
  });

  it('can be photographs of 12 megapixels, which real cameras made', async function () {
    if (!fs.existsSync(CARDS)) {
      console.log('      (the playing cards are not on this machine)');
      this.skip();
    }
    const photos = fs
      .readdirSync(CARDS)
      .filter((name) => name.endsWith('.jpg'))
      .sort();
    photos.slice(0, 8).forEach((name, place) => {
      const target = at(`photos/${place % 2 === 0 ? 'a' : 'b'}/${name}`);
      fs.mkdirSync(path.dirname(target), { recursive: true });
      fs.copyFileSync(path.join(CARDS, name), target);
    });
    const { train, test } = await load(images({ size: [96, 96] }));
    assert.equal(train.length + test.length, 8);
    const mean = Array.from(train.x).reduce((sum, value) => sum + value, 0) / train.x.length;
    assert.ok(mean > 20 && mean < 235, `a picture and no noise or emptiness: ${mean}`);
  });
});
