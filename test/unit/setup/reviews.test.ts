import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { fromFloat16 } from '../../../src/files/float16';
import { splitTexts, type LabelledText } from '../../../src/setup/data/labelled';
import { readPoets } from '../../../src/setup/data/poets';
import { ownPaths } from './folder';

const read = (folder: string, name: string): Buffer =>
  zlib.gunzipSync(fs.readFileSync(path.join(ownPaths.cache, 'data', folder, `${name}.gz`)));

function reviewsIn(folder: string, split: string): LabelledText[] {
  const lines = read(folder, `${split}.tsv`).toString('utf8').split('\n');
  assert.equal(lines.pop(), '', 'the last line ends');
  return lines.map((line) => {
    const [, label, text] = /^([0-2])\t(\S|\S.*\S)$/u.exec(line) ?? assert.fail(line);
    return { label: Number(label), text: text! };
  });
}

/** Written otherwise than the split's own: letters and digits alone. */
const essence = (text: string): string =>
  Array.from(text.normalize('NFKC').toLowerCase())
    .filter((c) => /[\p{L}\p{N}]/u.test(c))
    .join('');

describe('the division of texts', () => {
  it('takes each text once, whatever its case, spaces and punctuation', () => {
    const { train, test } = splitTexts([
      { text: 'So  good!', label: 1 },
      { text: 'so good', label: 1 },
      { text: 'ＳＯ ＧＯＯＤ…', label: 1 },
      { text: ' bad\n', label: 0 },
    ]);
    assert.deepEqual([...train, ...test].map(({ text }) => text).sort(), ['So good!', 'bad']);
  });

  it('leaves out what stands in both classes, and what has no letter', () => {
    const { train, test } = splitTexts([
      { text: 'fine', label: 1 },
      { text: 'Fine.', label: 0 },
      { text: '!!!', label: 0 },
      { text: 'poor', label: 0 },
    ]);
    assert.deepEqual(
      [...train, ...test].map(({ text }) => text),
      ['poor'],
    );
  });

  it('gives a fifth of each class to the test, in an order that does not depend on that of the source', () => {
    const reviews = Array.from({ length: 1000 }, (_, i) => ({ text: `text ${String(i)}`, label: i < 300 ? 1 : 0 }));
    const { train, test } = splitTexts(reviews);
    assert.deepEqual([train.length, test.length], [800, 200]);
    assert.equal(test.filter(({ label }) => label === 1).length, 60);
    assert.deepEqual(splitTexts([...reviews].reverse()), { train, test });
    const first = train.slice(0, 200).filter(({ label }) => label === 1).length;
    assert.ok(first > 40 && first < 80, 'any beginning is mixed');
  });
});

describe('the poems of three poets', () => {
  it('are found by their poet, without the notes of the edition', () => {
    const poems = [
      { author: '李白', paragraphs: ['床前看月光，', '疑是地上霜。（一作（明月）光）'] },
      { author: '白居易', paragraphs: ['離離原上草，〖1〗一歲一枯榮。'] },
      { author: '王維', paragraphs: ['空山不見人。'] },
    ];
    const { 'train.tsv': train } = readPoets(new Map([['a.json', Buffer.from(JSON.stringify(poems))]]));
    assert.deepEqual(train?.toString().trimEnd().split('\n').sort(), [
      '0\t床前看月光，疑是地上霜。',
      '2\t離離原上草，一歲一枯榮。',
    ]);
  });
});

describe('the packed texts', () => {
  for (const [folder, train, test] of [
    ['reviews-english', 2_375, 594],
    ['reviews-chinese', 13_856, 3_464],
    ['poets', 4_514, 1_128],
  ] as const) {
    it(`${folder}: as many as the licence says, balanced alike, none in both splits`, () => {
      const splits = { train: reviewsIn(folder, 'train'), test: reviewsIn(folder, 'test') };
      assert.deepEqual([splits.train.length, splits.test.length], [train, test]);
      const share = (reviews: readonly LabelledText[]): number =>
        reviews.filter(({ label }) => label === 1).length / reviews.length;
      assert.ok(Math.abs(share(splits.train) - share(splits.test)) < 0.001);
      const known = new Set(splits.train.map(({ text }) => essence(text)));
      assert.equal(known.size, train);
      assert.deepEqual(
        splits.test.filter(({ text }) => known.has(essence(text))),
        [],
      );
      const licence = fs.readFileSync(path.join(ownPaths.cache, 'data', folder, 'LICENCE.txt'), 'utf8');
      assert.ok(licence.includes((train + test).toLocaleString('en')));
    });
  }
});

describe('the packed vectors', () => {
  function vectors(folder: string, width: number): (word: string) => Float32Array {
    const words = read(folder, 'words.txt').toString('utf8').trimEnd().split('\n');
    const bytes = read(folder, 'vectors.bin');
    const halves = Uint16Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16LE(2 * i));
    assert.equal(halves.length, words.length * width);
    const numbers = fromFloat16(halves);
    return (word) => {
      const row = words.indexOf(word);
      assert.ok(row >= 0, word);
      return numbers.subarray(row * width, (row + 1) * width);
    };
  }
  function cosine(a: Float32Array, b: Float32Array): number {
    const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  it('of GloVe: the first one has the published numbers, and what means alike lies close', () => {
    const glove = vectors('glove-50d', 50);
    // the 0.418 0.24968 -0.41242 0.1217 0.34527, as in glove.6B.50d.txt
    [0.418, 0.24968, -0.41242, 0.1217, 0.34527].forEach((value, i) => {
      assert.ok(Math.abs(glove('the')[i]! - value) < 2e-4);
    });
    assert.ok(cosine(glove('terrible'), glove('awful')) > cosine(glove('terrible'), glove('table')) + 0.3);
  });

  it('of characters: 北 lies nearer to 南 than to 吃', () => {
    const characters = vectors('characters-128d', 128);
    assert.ok(cosine(characters('北'), characters('南')) > cosine(characters('北'), characters('吃')) + 0.2);
  });
});
