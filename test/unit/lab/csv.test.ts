/** Tables of learners: what of them becomes inputs and targets, and what is said of the rest. */
import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { datasets } from '../../../src/lab';
import { recordsOf } from '../../../src/lab/datasets/table/records';
import { guessEncoding } from '../../../src/lab/datasets/table/encoding';
import { numberReader } from '../../../src/lab/datasets/table/columns';
import { loadSplits } from '../../../src/lab/loadSplits';
import { createRandom } from '../../../src/lab/random';
import type { PlainSplit } from '../../../src/lab';
import { DataFolder, refused, thrown } from './dataFolder';

const utf16 = (text: string): Buffer => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]);

describe('lab/datasets: csv', () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const write = (content: string | Uint8Array, name = 'table.csv'): string =>
    folder.write(name, typeof content === 'string' ? Buffer.from(content) : content);

  const load = async (data: datasets.CsvDataset): Promise<{ train: PlainSplit; test: PlainSplit }> => {
    await loadSplits(data, folder.context());
    return data.load(folder.context());
  };

  /** The rows of a split as "features → target", in order. */
  const rowsOf = ({ x, y, length }: PlainSplit): string[] =>
    Array.from({ length }, (_, row) => {
      const width = x.length / length;
      return `${[...x.slice(row * width, (row + 1) * width)].join(' ')} → ${y[row]}`;
    }).sort();

  it('become numbers and one number for each category; classes, shapes and counts are known before loading', async () => {
    const file = write('colour,size,kind\nred,1,cat\nblue,2,dog\nred,3,dog\nblue,4,cat\n');
    const data = datasets.csv(file, { target: 'kind', standardize: false, test: 0.5 });
    assert.deepEqual([data.name, data.kind, data.inputShape, data.targetShape], ['table.csv', 'table', [3], []]);
    assert.deepEqual([data.classes, data.train, data.test], [['cat', 'dog'], 2, 2]);
    assert.deepEqual(data.columns, ['colour = blue', 'colour = red', 'size']);
    const { train, test } = await load(data);
    assert.deepEqual([...rowsOf(train), ...rowsOf(test)].sort(), ['0 1 1 → 0', '0 1 3 → 1', '1 0 2 → 1', '1 0 4 → 0']);
    for (const split of [train, test]) assert.deepEqual([...split.y].sort(), [0, 1], 'as many of each class');
  });

  it('are split the same way by the same seed and by the order of rows and another way by another seed', async () => {
    const file = write(`a,b\n${Array.from({ length: 100 }, (_, i) => `${i},${i % 2 === 0 ? 'x' : 'y'}`).join('\n')}`);
    const tested = async (seed: number): Promise<string> => {
      const data = datasets.csv(file, { target: 'b', seed, standardize: false });
      const { train, test } = await load(data);
      assert.deepEqual([train.length, test.length], [80, 20]);
      assert.equal(new Set([...train.x, ...test.x]).size, 100, 'each row is in one of the two');
      assert.equal(
        [...test.y].reduce((sum, label) => sum + label, 0),
        10,
        'half of each class',
      );
      return [...test.x].join();
    };
    assert.equal(await tested(3), await tested(3));
    assert.notEqual(await tested(3), await tested(4));
  });

  it('are standardised by the training rows alone, with holes at their mean or median', async () => {
    const train = write('x,y\n1,0\n2,1\n,0\n9,1\n');
    const test = write('x,y\n100,1\n,0\n', 'test.csv');
    const mean = await load(datasets.csv(train, { target: 'y', test }));
    // Of 1, 2, 4, 9: mean 4, variance (9 + 4 + 0 + 25) / 4.
    const deviation = Math.sqrt(38 / 4);
    const close = (found: ArrayLike<number>, wanted: number[]): void => {
      wanted.forEach((value, place) => {
        assert.ok(Math.abs((found[place] ?? Number.NaN) - value) < 1e-6);
      });
      assert.equal(found.length, wanted.length);
    };
    close(mean.train.x, [-3 / deviation, -2 / deviation, 0, 5 / deviation]);
    close(mean.test.x, [96 / deviation, 0]);
    const median = await load(datasets.csv(train, { target: 'y', test, missing: 'median', standardize: false }));
    close(median.train.x, [1, 2, 2, 9]);
    close(median.test.x, [100, 2]);
    const dropped = datasets.csv(train, { target: 'y', test, missing: 'drop', standardize: false });
    assert.deepEqual([dropped.train, dropped.test], [3, 1]);
    close((await load(dropped)).train.x, [1, 2, 9]);
  });

  it('standardise the target of a regression where that is asked, by the training rows, and no classes', async () => {
    const train = write('x,y\n1,100.5\n2,300.5\n');
    const test = write('x,y\n3,500.5\n', 'test.csv');
    const options = { target: 'y', test, task: 'regression' as const };
    const plain = await load(datasets.csv(train, options));
    assert.deepEqual([[...plain.train.y], [...plain.test.y]], [[100.5, 300.5], [500.5]]);
    const scaled = await load(datasets.csv(train, { ...options, standardizeTarget: true }));
    assert.deepEqual([[...scaled.train.y], [...scaled.test.y]], [[-1, 1], [3]]);
    const classes = { target: 'y', task: 'classification' as const, standardizeTarget: true };
    const kinds = write('x,y\n1,0\n2,1\n3,0\n4,1\n', 'kinds.csv');
    thrown(() => datasets.csv(kinds, classes), 'EXPERIMENT_INVALID');
  });

  it('have a category of its own for what is missing, or places in place of one-hot numbers', async () => {
    const file = write('k,y\na,0\nNA,1\nb,0\n,1\n');
    const oneHot = datasets.csv(file, { target: 'y', test: write('k,y\nb,0\nz,1\n', 'test.csv') });
    assert.deepEqual(oneHot.columns, ['k = a', 'k = b', 'k = (missing)']);
    const { train, test } = await load(oneHot);
    assert.deepEqual([...train.x], [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1]);
    assert.deepEqual([...test.x], [0, 1, 0, 0, 0, 1], 'a category that training has not seen is as good as missing');
    const places = datasets.csv(file, { target: 'y', categories: 'number' });
    assert.deepEqual(places.inputShape, [1]);
    const splits = await load(places);
    assert.deepEqual([...splits.train.x, ...splits.test.x].sort(), [-1, -1, 0, 1]);
  });

  it('are a regression where the target is of many numbers, and classes in the order of their numbers else', () => {
    const numbers = write(`x,y\n${Array.from({ length: 30 }, (_, i) => `${i},${i * 1.5}`).join('\n')}`, 'numbers.csv');
    const regression = datasets.csv(numbers, { target: 'y' });
    assert.deepEqual([regression.classes, regression.targetShape], [[], [1]]);
    const few = write('x,y\n1,10\n2,9\n3,10\n4,1\n5,1\n', 'few.csv');
    assert.deepEqual(datasets.csv(few, { target: 'y' }).classes, ['1', '9', '10']);
    assert.deepEqual(datasets.csv(few, { target: 'y', task: 'regression' }).classes, []);
    const kinds = datasets.csv(few, { target: 'x', categorical: ['y'], task: 'regression' });
    assert.deepEqual(kinds.columns, ['y = 1', 'y = 9', 'y = 10']);
  });

  it('are read whatever separates them, however numbers and characters are written', async () => {
    const wanted = ['1234.5 → 1', '2.25 → 0', '3 → 0', '4 → 1'];
    const gbk = Buffer.from([0xc8, 0xa8, 0x3b, 0xd6, 0xd6]); // 权;种 in GBK
    const forms: Record<string, readonly [Uint8Array, string, string]> = {
      comma: [Buffer.from('w,k\n"1,234.5",猫\n2.25,狗\n3,狗\n4,猫\n'), 'k', '猫'],
      windows: [Buffer.from('\ufeffw,k\r\n1234.5,猫\r\n2.25,狗\r\n3,狗\r\n4,猫\r\n'), 'k', '猫'],
      mac: [Buffer.from('w,k\r1234.5,猫\r2.25,狗\r3,狗\r4,猫'), 'k', '猫'],
      german: [Buffer.from('w;k\n1.234,5;猫\n2,25;狗\n3;狗\n4;猫\n'), 'k', '猫'],
      tabs: [Buffer.from('w\tk\n1234.5\t猫\n2.25\t狗\n3\t狗\n4\t猫\n'), 'k', '猫'],
      utf16: [utf16('w|k\n1234.5|猫\n2.25|狗\n3|狗\n4|猫\n'), 'k', '猫'],
      utf16be: [utf16('w,k\n1234.5,猫\n2.25,狗\n3,狗\n4,猫\n').swap16(), 'k', '猫'],
      gbk: [
        Buffer.concat([
          gbk,
          Buffer.from('\n1234.5;'),
          Buffer.from([0xc3, 0xa8]),
          Buffer.from('\n2.25;'),
          Buffer.from([0xb9, 0xb7]),
          Buffer.from('\n3;'),
          Buffer.from([0xb9, 0xb7]),
          Buffer.from('\n4;'),
          Buffer.from([0xc3, 0xa8]),
        ]),
        '种',
        '猫',
      ],
    };
    for (const [form, [bytes, target, second]] of Object.entries(forms)) {
      const data = datasets.csv(write(bytes, `${form}.csv`), { target, standardize: false, test: 0.5 });
      assert.equal(data.classes[1], second, form);
      const { train, test } = await load(data);
      assert.deepEqual([...rowsOf(train), ...rowsOf(test)].sort(), wanted, form);
    }
    assert.equal(guessEncoding(Buffer.from('Müller, Café, garçon', 'latin1')), 'windows-1252');
  });

  it('agree with csv-parse on rows of any texts, and know the line in which each begins', () => {
    const random = createRandom(7);
    const pieces = ['a', '"', ',', '\n', '\r\n', 'ü', '猫', ' ', '1', ';', '\t', ''];
    const pick = (): string => pieces[Math.floor(random.next() * pieces.length)] ?? '';
    const rows = Array.from({ length: 20_000 }, () =>
      Array.from({ length: 4 }, () => Array.from({ length: 5 }, pick).join('')),
    );
    const text = rows.map((row) => row.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')).join('\n');
    assert.ok(Buffer.byteLength(text) > 512 * 1024, 'some pieces');
    const file = write(text);
    const found: string[][] = [];
    const lines: number[] = [];
    for (const piece of recordsOf(file, { encoding: 'utf-8', separator: ',' })) {
      piece.rows.forEach((row) => found.push([...row]));
      lines.push(...piece.lines);
      assert.equal(piece.faults.size, 0);
    }
    const oracle: string[][] = parse(text, { record_delimiter: '\n' });
    // A line break is read as \n, however it is written.
    assert.deepEqual(
      found,
      oracle.map((row) => row.map((field) => field.replace(/\r\n?/g, '\n'))),
    );
    let line = 1;
    const beginnings = oracle.map((row) => {
      const begins = line;
      line += row.join('').split('\n').length;
      return begins;
    });
    assert.deepEqual(lines, beginnings);
  });

  it('name up to ten rows that cannot be used with their lines, and count the others; the rest is used', async () => {
    const good = Array.from({ length: 200 }, (_, i) => `${i},${i % 2},"two\nlines"`);
    const bad = ['1,0', 'abc,1,x', '3,,x', '"4"5,1,x', ...Array.from({ length: 9 }, () => '1,2,3,4')];
    const file = write(['a,y,t', ...good, ...bad].join('\n'));
    const data = datasets.csv(file, { target: 'y', features: ['a'] });
    assert.equal(data.train + data.test, 200);
    await load(data);
    const [warning = ''] = folder.warnings;
    const first = 2 + 2 * good.length;
    assert.match(warning, /table\.csv: 13 left out/);
    assert.match(warning, new RegExp(`line ${first}: 2 fields in place of 3\n`));
    assert.match(warning, new RegExp(`line ${first + 1}: a: "abc" is no number\n`));
    assert.match(warning, new RegExp(`line ${first + 2}: y: nothing stands there\n`));
    assert.match(warning, new RegExp(`line ${first + 3}: a quoted field goes on behind its closing quote\n`));
    assert.match(warning, /\n… and 3 more$/);
  });

  it('say which columns are no features of themselves, and use them when they are named', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i + 1},Name ${i},,${i % 3},${i % 2 === 0 ? 'no' : 'yes'}`);
    const file = write(['PassengerId,Name,Cabin,Pclass,Survived', ...rows].join('\n'));
    const data = datasets.csv(file, { target: 'Survived' });
    assert.deepEqual(data.columns, ['Pclass']);
    await load(data);
    assert.match(folder.warnings[0] ?? '', /PassengerId \(it numbers the rows\), Name \(60 different texts\), Cabin/);
    const named = datasets.csv(file, { target: 'Survived', features: ['PassengerId', 'Name'] });
    assert.deepEqual(named.inputShape, [61]);
  });

  it('are refused with what was meant: a wrong file, column, option; no rows, one class, an open quote', async () => {
    const file = write('age,sex,y\n1,m,0\n2,f,1\n3,m,0\n');
    const target = thrown(() => datasets.csv(file, { target: 'Y ' }), 'EXPERIMENT_INVALID');
    assert.match(String(target.remedy), /'y'/);
    assert.match(
      String(thrown(() => datasets.csv(file, { target: 'y', features: ['agee'] }), 'EXPERIMENT_INVALID').remedy),
      /'age'/,
    );
    thrown(() => datasets.csv(file, { target: 'y', features: ['y'] }), 'EXPERIMENT_INVALID');
    thrown(() => datasets.csv(file, { target: 'y', features: [] }), 'EXPERIMENT_INVALID');
    thrown(() => datasets.csv(file, { target: 'y', test: 1 }), 'EXPERIMENT_INVALID');
    thrown(() => datasets.csv(file, { target: 'y', seperator: ';' } as never), 'EXPERIMENT_INVALID');
    thrown(() => datasets.csv(file, { target: 'y', separator: ';;' }), 'EXPERIMENT_INVALID');
    thrown(() => datasets.csv(file, {} as never), 'EXPERIMENT_INVALID');
    thrown(() => datasets.csv('', { target: 'y' }), 'EXPERIMENT_INVALID');
    const missing = thrown(() => datasets.csv(file.replace('table', 'tabel'), { target: 'y' }), 'DATA_MISSING');
    assert.match(String(missing.remedy), /'table\.csv'/);
    thrown(() => datasets.csv(folder.path, { target: 'y' }), 'DATA_MISSING');
    thrown(() => datasets.csv(write('', 'empty.csv'), { target: 'y' }), 'DATA_CORRUPT');
    thrown(() => datasets.csv(write('a,y\n', 'header.csv'), { target: 'y' }), 'DATA_UNUSABLE');
    thrown(() => datasets.csv(write('a,y\n1,0\n2,0\n3,0\n', 'one.csv'), { target: 'y' }), 'EXPERIMENT_INVALID');
    thrown(
      () => datasets.csv(file, { target: 'y', test: write('age,sex\n1,m\n', 'kaggle.csv') }),
      'EXPERIMENT_INVALID',
    );
    const other = Buffer.concat([
      Buffer.from('a,y\n1,0\n2,1\n'),
      Buffer.alloc(1_100_000, '3,0\n'),
      Buffer.of(0xff, 0x0a),
    ]);
    assert.match(
      String(thrown(() => datasets.csv(write(other, 'late.csv'), { target: 'y' }), 'DATA_CORRUPT').remedy),
      /gbk/,
    );
    folder.abort.abort();
    await refused(datasets.csv(file, { target: 'y' }).load(folder.context()), 'CANCELLED');
  });

  it('lose one line alone to a quote that is never closed, however much stands behind it', async () => {
    const behind = Array.from({ length: 300_000 }, (_, i) => `${i},${i % 2}`);
    const file = write(['a,y', '1,0', '"2,1', ...behind].join('\n'));
    const data = datasets.csv(file, { target: 'y' });
    assert.equal(data.train + data.test, 300_001);
    await load(data);
    assert.match(folder.warnings[0] ?? '', /1 left out.*\nline 3: a quote that is never closed$/);
  });

  it('are read anew when the file has changed', async () => {
    const file = write('a,y\n1,0\n2,1\n3,0\n4,1\n');
    assert.equal(datasets.csv(file, { target: 'y' }).train, 2);
    write('a,y\n1,0\n2,1\n3,0\n4,1\n5,2\n6,2\n7,2\n');
    const data = datasets.csv(file, { target: 'y' });
    assert.deepEqual([data.train + data.test, data.classes], [7, ['0', '1', '2']]);
    await load(data);
  });

  it('have numbers as spreadsheets write them', () => {
    const missing = new Set(['', 'NA']);
    const [point, comma] = [numberReader(missing, '.'), numberReader(missing, ',')];
    const cases: readonly (readonly [string, number | undefined, number | undefined])[] = [
      ['1.5', 1.5, 1.5],
      ['1,5', undefined, 1.5],
      ['1,234.5', 1234.5, undefined],
      ['1.234.567,5', undefined, 1234567.5],
      ['1.234,5', undefined, 1234.5],
      ['1.234', 1.234, 1234],
      ['1,234', 1234, 1.234],
      ['-3e2', -300, -300],
      [' 7 ', 7, 7],
      ['0', 0, 0],
      ['', Number.NaN, Number.NaN],
      ['  ', Number.NaN, Number.NaN],
      ['NA', Number.NaN, Number.NaN],
      ['Infinity', undefined, undefined],
      ['12 kg', undefined, undefined],
    ];
    for (const [text, a, b] of cases) assert.deepEqual([point(text), comma(text)], [a, b], text);
  });
});
