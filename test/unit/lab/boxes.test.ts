/** Pictures with boxes: in each form the same boxes, brought to the frame with their picture; what cannot be used is named. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { datasets, type PlainSplit } from '../../../src/lab';
import { boxFolder } from '../../../src/lab/datasets/boxes/annotations';
import { inFrame } from '../../../src/lab/datasets/boxes/boxes';
import { readVoc } from '../../../src/lab/datasets/boxes/voc';
import { Unusable } from '../../../src/lab/datasets/own/unusable';
import { loadSplits } from '../../../src/lab/loadSplits';
import { DataFolder, refused, thrown } from './dataFolder';
import { plainPng, png, turnedJpeg } from './pictures/files';
import { UPRIGHT } from './pictures/pillow';

const CARDS = path.resolve(process.cwd(), '..', 'shared', 'datasets', 'playing-cards');

type Sides = readonly [label: string, left: number, top: number, right: number, bottom: number];

describe('lab/datasets: boxes', () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const at = (name: string): string => path.join(folder.path, name);
  const boxes = (
    format: 'voc' | 'coco' | 'yolo',
    options: Partial<datasets.BoxesOptions> = {},
  ): datasets.BoxesDataset => datasets.boxes(at('set'), { format, size: [10, 10], test: 0.5, ...options });
  const write = (name: string, text: string | Buffer): void => {
    folder.write(`set/${name}`, typeof text === 'string' ? Buffer.from(text) : text);
  };

  const voc = (filename: string, all: readonly Sides[], size: readonly [number, number] | null = [20, 10]): string =>
    `<?xml version="1.0"?>\n<annotation><filename>${filename}</filename>${
      size === null ? '' : `<size><width>${size[0]}</width><height>${size[1]}</height><depth>3</depth></size>`
    }${all
      .map(
        ([name, left, top, right, bottom]) =>
          `<object><name>${name}</name><bndbox><xmin>${left}</xmin><ymin>${top}</ymin><xmax>${right}</xmax><ymax>${bottom}</ymax></bndbox></object>`,
      )
      .join('')}</annotation>`;

  async function load(data: datasets.BoxesDataset): Promise<{ train: PlainSplit; test: PlainSplit }> {
    await loadSplits(data, folder.context());
    folder.warnings.length = 0;
    return data.load(folder.context());
  }

  /** The boxes of each picture of both parts, in no order, rounded. */
  async function loaded(data: datasets.BoxesDataset): Promise<string[]> {
    const { train, test } = await load(data);
    return [train, test]
      .flatMap(({ y, length }) =>
        Array.from({ length }, (_, picture) => {
          const width = y.length / length;
          const rows = Array.from({ length: width / 5 }, (__, row) => [
            ...y.slice(picture * width + row * 5, picture * width + row * 5 + 5),
          ]);
          return rows.map((row) => row.map((value) => Number(value.toFixed(4))).join(' ')).join(' | ');
        }),
      )
      .sort();
  }

  /** 20 × 10 pixels each, which a frame of 10 × 10 holds with bars of 2.5 above and below, rounded to whole pixels. */
  function pictures(...names: string[]): void {
    for (const name of names)
      write(
        name,
        png({ width: 20, height: 10 }, (x) => x),
      );
  }

  it('are the same boxes in each form: class, middle and sides as shares of the frame, −1 behind the last', async () => {
    pictures('a.png', 'b.png');
    write('a.xml', voc('a.png', [['cat', 0, 0, 10, 10]]));
    write(
      'b.xml',
      voc('b.png', [
        ['dog', 10, 0, 20, 5],
        ['cat', 0, 5, 20, 10],
      ]),
    );
    const data = boxes('voc', { fit: 'stretch' });
    assert.deepEqual(
      [data.classes, data.inputShape, data.targetShape],
      [
        ['cat', 'dog'],
        [10, 10, 3],
        [2, 5],
      ],
    );
    assert.deepEqual([data.train, data.test, data.mostBoxes], [1, 1, 2]);
    const wanted = ['0 0.25 0.5 0.5 1 | -1 0 0 0 0', '1 0.75 0.25 0.5 0.5 | 0 0.5 0.75 1 0.5'];
    assert.deepEqual(await loaded(data), wanted);
    assert.deepEqual(folder.warnings, []);

    const coco = {
      images: [
        { id: 7, file_name: 'a.png', width: 20, height: 10 },
        { id: 'b', file_name: 'b.png' },
      ],
      annotations: [
        { image_id: 'b', category_id: 3, bbox: [10, 0, 10, 5] },
        { image_id: 7, category_id: 1, bbox: [0, 0, 10, 10] },
        { image_id: 'b', category_id: 1, bbox: [0, 5, 20, 5] },
      ],
      categories: [
        { id: 1, name: 'cat' },
        { id: 3, name: 'dog' },
      ],
    };
    write('annotations.json', JSON.stringify(coco));
    assert.deepEqual(await loaded(boxes('coco', { fit: 'stretch' })), wanted);
    assert.deepEqual(folder.warnings, []);

    write('a.txt', '0 0.25 0.5 0.5 1\n\n');
    write('b.txt', '1 0.75 0.25 0.5 0.5\r\n0 0.5 0.75 1 0.5\r\n');
    write('data.yaml', 'train: ../train\nnames:\n  0: cat\n  1: dog\n');
    assert.deepEqual(await loaded(boxes('yolo', { fit: 'stretch' })), wanted);
    assert.deepEqual(folder.warnings, []);
  });

  it('of YOLO lie beside the pictures or in a folder of their own, with the names in a list; without a text there is nothing', async () => {
    pictures('images/train/a.png', 'images/train/b.png');
    write('labels/train/a.txt', '1 0.5 0.5 0.2 0.2');
    write('classes.txt', 'cat\ndog\n');
    const data = boxes('yolo', { fit: 'stretch' });
    assert.deepEqual([data.classes, data.train + data.test], [['cat', 'dog'], 2]);
    assert.deepEqual(await loaded(data), ['-1 0 0 0 0', '1 0.5 0.5 0.2 0.2']);
  });

  it('go with their picture: bars around it, sides that are cut off, a photograph held upright', async () => {
    const frame = { height: 10, width: 10, channels: 3 } as const;
    const box = { left: 0, top: 0, right: 10, bottom: 10 };
    const contained = inFrame(box, [20, 10], { ...frame, fit: 'contain' });
    assert.deepEqual(
      contained?.map((side) => Number(side.toFixed(6))),
      [0.25, 0.45, 0.5, 0.5],
    );
    assert.deepEqual(inFrame(box, [20, 10], { ...frame, fit: 'stretch' }), [0.25, 0.5, 0.5, 1]);
    // The middle 10 of 20 columns are seen: half of the box.
    assert.deepEqual(inFrame(box, [20, 10], { ...frame, fit: 'cover' }), [0.25, 0.5, 0.5, 1]);
    assert.equal(
      inFrame({ ...box, right: 6 }, [20, 10], { ...frame, fit: 'cover' }),
      undefined,
      'a sixth of it is seen',
    );

    // Stored as 6 × 4.
    const [width, height] = [4, 6];
    for (const name of ['a', 'b']) {
      write(`${name}.jpg`, turnedJpeg(Buffer.from(UPRIGHT, 'base64'), 6));
      write(`${name}.xml`, voc(`${name}.jpg`, [['it', 0, 0, width / 2, height]], [width, height]));
    }
    assert.deepEqual(await loaded(boxes('voc', { fit: 'stretch' })), ['0 0.25 0.5 0.5 1', '0 0.25 0.5 0.5 1']);
    assert.deepEqual(folder.warnings, []);
  });

  it('that are empty, outside, of an unknown class, or of a picture that is not there, are named; the rest is used', async () => {
    pictures('a.png', 'b.png', 'c.png', 'd.png', 'alone.png');
    write(
      'a.xml',
      voc('a.png', [
        ['cat', 0, 0, 10, 10],
        ['cat', 5, 5, 5, 9],
        ['cat', 15, 0, 40, 10],
        ['cta', 0, 0, 4, 4],
      ]),
    );
    write('b.xml', voc('b.png', [['cat', -1, 0, 21, 10]]));
    write('c.xml', voc('c.png', [['cat', 0, 0, 10, 10]], [200, 100]));
    write('d.xml', 'no annotation');
    write('e.xml', voc('e.png', []));
    write('broken.png', Buffer.from('broken'));
    write('broken.xml', voc('broken.png', [['cat', 0, 0, 10, 10]], null));
    const data = boxes('voc', { fit: 'stretch', classes: ['cat'], seed: 2 });
    assert.equal(data.mostBoxes, 1);
    assert.deepEqual(await loaded(data), ['0 0.25 0.5 0.5 1', '0 0.5 0.5 1 1'], 'a pixel beside the picture is none');
    const [warning = ''] = folder.warnings;
    for (const part of [
      /a\.xml: object 2: an empty box: 5, 5, 5, 9/,
      /a\.xml: object 3: a box outside of the picture of 20 × 10: 15, 0, 40, 10/,
      /a\.xml: object 4: the class 'cta' is none of cat\. Did you mean 'cat'/,
      /c\.png: its boxes are drawn in a picture of 200 × 100, it has 20 × 10/,
      /d\.xml: no annotation in the form of Pascal VOC/,
      /e\.xml: there is no picture e\.png/,
      /alone\.png: there are no annotations of it/,
      /broken\.png: no picture that can be read/,
    ])
      assert.match(warning, part);
  });

  it('are refused with what to do: no annotations, several, another form, no names, no box, a wrong option', async () => {
    pictures('a.png', 'b.png');
    thrown(() => boxes('voc'), 'DATA_UNUSABLE');
    thrown(() => boxes('coco'), 'DATA_MISSING');
    assert.match(thrown(() => boxes('yolo'), 'DATA_MISSING').remedy ?? '', /classes\.txt/);
    write('one.json', '{"images": []}');
    assert.match(thrown(() => boxes('coco'), 'DATA_CORRUPT').found ?? '', /annotations/);
    write('one.json', '{');
    thrown(() => boxes('coco'), 'DATA_CORRUPT');
    write('two.json', '{}');
    assert.match(thrown(() => boxes('coco'), 'DATA_CORRUPT').found ?? '', /one\.json, two\.json/);
    write('classes.txt', 'cat');
    assert.match(thrown(() => boxes('yolo'), 'DATA_UNUSABLE').message, /boxes/);
    for (const options of [
      { format: 'xml' },
      { size: 4 },
      { test: 2 },
      { classes: [] },
      { classes: ['a', 'a'] },
      { box: 1 },
    ])
      thrown(() => boxes('voc', options as never), 'EXPERIMENT_INVALID');
    thrown(() => datasets.boxes(at('nothing'), { format: 'voc', size: [4, 4] }), 'DATA_MISSING');
    for (const name of ['a', 'b']) {
      write(`${name}.xml`, voc(`${name}.png`, [['cat', 0, 0, 10, 10]]));
      write(`${name}.png`, plainPng(1, 2, 3));
      fs.writeFileSync(at(`set/${name}.png`), 'gone');
    }
    await refused(boxes('voc').load(folder.context()), 'DATA_UNUSABLE');
    folder.abort.abort();
    await refused(boxes('voc').load(folder.context()), 'CANCELLED');
  });

  it('of the playing cards: 363 photographs, 670 boxes, six classes', async function () {
    if (!fs.existsSync(CARDS)) this.skip();
    const faults = new Unusable();
    const read = ['train', 'test'].map(
      (part) => readVoc(boxFolder(path.join(CARDS, part), faults, undefined)).pictures,
    );
    assert.deepEqual(
      read.map((pictures) => pictures.length),
      [296, 67],
    );
    assert.equal(
      read.flat().reduce((sum, { boxes: all }) => sum + all.length, 0),
      670,
    );
    assert.equal(faults.count, 0);
    const data = datasets.boxes(path.join(CARDS, 'test'), { format: 'voc', size: [64, 64] });
    assert.deepEqual(data.classes, ['ace', 'jack', 'king', 'nine', 'queen', 'ten']);
    const { train, test } = await data.load(folder.context());
    assert.deepEqual([folder.warnings, train.length + test.length], [[], 67]);
    const count = ({ y }: PlainSplit): number => y.filter((value, place) => place % 5 === 0 && value >= 0).length;
    assert.equal(
      count(train) + count(test),
      read[1]!.reduce((sum, { boxes: all }) => sum + all.length, 0),
    );
    for (const { y } of [train, test])
      y.forEach((value, place) => {
        assert.ok(place % 5 === 0 || (value >= 0 && value <= 1));
      });
  });
});
