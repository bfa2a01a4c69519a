/** Texts of learners in files and tables: what becomes of them, and what is said of the rest. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { datasets, tokenizers } from '../../../src/lab';
import { loadSplits } from '../../../src/lab/loadSplits';
import { DataFolder, refused, thrown } from './dataFolder';

const utf16 = (text: string): Buffer => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]);
/** 你好，世界 in GBK. */
const GBK = Buffer.from('c4e3bac3a3accac0bde7', 'hex');
const tokens = { tokenizer: tokenizers.words({ size: 50 }), length: 4 };

describe('lab/datasets: own texts', () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const at = (name: string): string => path.join(folder.path, name);
  const write = (name: string, content: string | Uint8Array): string =>
    folder.write(name, typeof content === 'string' ? Buffer.from(content) : content);

  describe('one long text', () => {
    it('of a folder is all its texts in the order of their names, however each is written', async () => {
      write('books/2.md', utf16('two\n'));
      write('books/1.txt', 'one');
      write('books/part/3.txt', GBK);
      write('books/picture.png', Buffer.of(1, 2, 3));
      const data = datasets.text({ from: { folder: at('books') }, length: 2, validation: 0.3 });
      assert.equal(data.name, 'books');
      assert.equal(await data.text(folder.context()), 'one\n\ntwo\n\n\n你好，世界');
      await loadSplits(data, folder.context());
      const other = datasets.text({ from: { folder: at('books'), separator: '|' }, length: 2 });
      assert.equal(await other.text(folder.context()), 'one|two\n|你好，世界');
      assert.deepEqual(folder.warnings, []);
    });

    it('of a file is read as UTF-16 or GBK where its bytes are, and as what it is said to be', async () => {
      const read = async (bytes: Uint8Array, encoding?: 'gbk' | 'windows-1252'): Promise<string> =>
        datasets
          .text({ from: { file: write('a.txt', bytes), ...(encoding === undefined ? {} : { encoding }) }, length: 1 })
          .text(folder.context());
      assert.equal(await read(utf16('abc')), 'abc');
      assert.equal(await read(GBK), '你好，世界');
      assert.equal(await read(Buffer.from('caf\xe9', 'latin1'), 'windows-1252'), 'café');
    });

    it('of a folder names the files that cannot be used, and is refused where there is none or nothing in it', async () => {
      write('books/1.txt', 'one two three');
      write('books/2.txt', '  \n');
      write('books/3.txt', Buffer.from('caf\xe9 au lait', 'latin1'));
      const data = datasets.text({ from: { folder: at('books') }, length: 2 });
      assert.equal(await data.text(folder.context()), 'one two three');
      assert.match(folder.warnings.join(), /^books: 2 left out[^]*2\.txt: no text\n3\.txt: .*line 1/);
      assert.match(
        thrown(() => datasets.text({ from: { folder: at('book') }, length: 2 }), 'DATA_MISSING').remedy ?? '',
        /books/,
      );
      fs.mkdirSync(at('none'));
      thrown(() => datasets.text({ from: { folder: at('none') }, length: 2 }), 'DATA_UNUSABLE');
      write('none/empty.txt', '');
      await refused(datasets.text({ from: { folder: at('none') }, length: 2 }).load(folder.context()), 'DATA_UNUSABLE');
      thrown(() => datasets.text({ from: { file: 'a', encoding: 'utf8' as 'gbk' }, length: 2 }), 'EXPERIMENT_INVALID');
      folder.abort.abort();
      await refused(data.load(folder.context()), 'CANCELLED');
    });
  });

  describe('of classes in a folder', () => {
    it('have the class of their subfolder, known with the counts before they are read', async () => {
      for (const kind of ['ham', 'spam'])
        for (const take of [1, 2, 3, 4, 5]) write(`mails/${kind}/${take}.txt`, `${kind} number ${take}`);
      const data = datasets.texts({ from: { folder: at('mails') }, ...tokens });
      assert.deepEqual([data.name, data.classes, data.train, data.test], ['mails', ['ham', 'spam'], 8, 2]);
      assert.deepEqual([data.inputShape, data.vocabularySize], [[4], 50]);
      const splits = await data.texts(folder.context());
      for (const { texts, labels } of [splits.train, splits.test])
        texts.forEach((text, row) => {
          assert.ok(text.startsWith(['ham', 'spam'][labels[row] ?? -1] ?? '?'), text);
        });
      assert.deepEqual([...splits.test.labels].sort(), [0, 1]);
      await loadSplits(data, folder.context());
      assert.deepEqual(folder.warnings, []);
    });

    it('can have class and group in their names, and the same group never in both halves', async () => {
      for (const poet of ['du', 'li', 'bai'])
        for (const kind of ['a', 'b']) write(`poems/${kind}-${poet}.md`, `${poet} ${kind}`);
      const data = datasets.texts({
        from: { folder: at('poems'), names: '{kind}-{poet}', label: 'kind', group: 'poet' },
        test: ['li'],
        ...tokens,
      });
      assert.deepEqual([data.classes, data.train, data.test], [['a', 'b'], 4, 2]);
      assert.deepEqual([...(await data.texts(folder.context())).test.texts].sort(), ['li a', 'li b']);
    });

    it('leave out what is empty, no text or in no class, and name it', async () => {
      for (const name of ['a/1', 'a/2', 'b/1', 'b/2']) write(`mails/${name}.txt`, 'some words');
      write('mails/a/3.txt', '');
      write('mails/b/page.pdf', '%PDF');
      write('mails/lone.txt', 'words');
      const splits = await datasets.texts({ from: { folder: at('mails') }, ...tokens }).texts(folder.context());
      assert.equal(splits.train.texts.length + splits.test.texts.length, 4);
      const [warning = ''] = folder.warnings;
      for (const pattern of [
        /mails: 3 left out/,
        /a\/3\.txt: no text/,
        /page\.pdf: \.pdf is not read/,
        /lone\.txt: lies in/,
      ])
        assert.match(warning, pattern);
    });
  });

  describe('of classes in a table', () => {
    const TABLE = 'id;kind;body\n1;spam;"win; now"\n2;ham;see you\n3;spam;cheap\n4;ham;"two\nlines"\n';

    it('have the columns that are named, split by class, known before loading', async () => {
      const data = datasets.texts({
        from: { csv: write('mails.csv', TABLE), text: 'body', label: 'kind' },
        test: 0.5,
        ...tokens,
      });
      assert.deepEqual([data.name, data.classes, data.train, data.test], ['mails.csv', ['ham', 'spam'], 2, 2]);
      const { train, test } = await data.texts(folder.context());
      const pairs = [train, test].flatMap(({ texts, labels }) => texts.map((text, row) => `${labels[row]} ${text}`));
      assert.deepEqual(pairs.sort(), ['0 see you', '0 two\nlines', '1 cheap', '1 win; now']);
      assert.deepEqual([...test.labels].sort(), [0, 1]);
      await loadSplits(data, folder.context());
    });

    it('can have a second table for testing, and GBK', async () => {
      const csv = write('a.csv', Buffer.concat([Buffer.from('t,l\n'), GBK, Buffer.from(',x\nabc,y\n')]));
      const test = write('b.csv', 't,l\nnew,y\nold,z\n');
      const data = datasets.texts({ from: { csv, text: 't', label: 'l' }, test, ...tokens });
      assert.deepEqual([data.train, data.test], [2, 1]);
      assert.equal((await data.texts(folder.context())).train.texts[0], '你好，世界');
      assert.match(folder.warnings.join(), /line 3: the class z is not in a\.csv/);
    });

    it('leave out rows without text or class or of another size, and name their lines', async () => {
      const csv = write('mails.csv', `${TABLE}5;;x\n6;ham;\n7;ham\n\n8;spam;last\n`);
      const data = datasets.texts({ from: { csv, text: 'body', label: 'kind' }, ...tokens });
      assert.equal(data.train + data.test, 5);
      await data.texts(folder.context());
      assert.match(folder.warnings.join(), /line 7: no class\nline 8: no text\nline 9: 2 fields in place of 3$/);
    });

    it('that are not there, of one class or without rows are refused at once, with what was meant', () => {
      const csv = write('mails.csv', TABLE);
      const own = (from: object, options: object = {}): (() => unknown) => {
        return () => datasets.texts({ from: { csv, text: 'body', label: 'kind', ...from }, ...tokens, ...options });
      };
      assert.match(thrown(own({ text: 'bodi' }), 'EXPERIMENT_INVALID').remedy ?? '', /'body'/);
      thrown(own({ label: undefined }), 'EXPERIMENT_INVALID');
      thrown(own({ columns: 3 }), 'EXPERIMENT_INVALID');
      thrown(own({}, { test: ['a'] }), 'EXPERIMENT_INVALID');
      thrown(own({}, { tests: 0.2 }), 'EXPERIMENT_INVALID');
      thrown(own({ csv: at('nowhere.csv') }), 'DATA_MISSING');
      thrown(own({ csv: write('one.csv', 'body;kind\na;x\nb;x\n') }), 'EXPERIMENT_INVALID');
      thrown(own({ csv: write('none.csv', 'body;kind\n') }), 'DATA_UNUSABLE');
      thrown(own({ csv: write('empty.csv', '') }), 'DATA_CORRUPT');
      thrown(() => datasets.texts({ from: {} as datasets.TextFolder, ...tokens }), 'EXPERIMENT_INVALID');
    });
  });
});
