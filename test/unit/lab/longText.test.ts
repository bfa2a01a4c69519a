import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';
import { datasets, tokenizers } from '../../../src/lab';
import type { Windows } from '../../../src/lab';
import { loadSplits } from '../../../src/lab/loadSplits';
import { DataFolder, refused } from './dataFolder';

const SHAKESPEARE = path.resolve('..', 'shared', 'datasets', 'text', 'tinyshakespeare.txt');

describe('lab/datasets: one long text', () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const windowsOf = (column: unknown): Windows => column as Windows;
  const own = (text: string, options: Partial<datasets.TextOptions> = {}): datasets.LongTextDataset =>
    datasets.text({ from: { text }, length: 3, validation: 0.4, ...options });

  it('becomes windows of one array, each target the token that follows; the end is for testing', async () => {
    const data = own('abcabcabcabcabcaaaab');
    const { train, test, tokenizer } = await data.load(folder.context());
    assert.deepEqual(tokenizer.vocabulary, ['<pad>', '<unk>', 'a', 'b', 'c']);
    const [x, y] = [windowsOf(train.x), windowsOf(train.y)];
    assert.equal(x.values, y.values, 'held once');
    assert.equal(x.values.buffer, windowsOf(test.x).values.buffer, 'of both splits');
    assert.equal(tokenizer.decode(x.values), 'abcabcabcabc');
    assert.equal(tokenizer.decode(windowsOf(test.x).values), 'abcaaaab');
    assert.deepEqual([x.offset, y.offset, x.stride, y.stride, x.size, y.size], [0, 1, 1, 1, 3, 3]);
    assert.deepEqual([train.length, train.perEpoch, data.train], [9, 4, 9]);
    // abc aaa, whose targets are bca aaa: what follows is too short for a window more.
    assert.deepEqual([test.length, windowsOf(test.x).stride, windowsOf(test.y).stride, data.test], [2, 3, 3, 2]);
    assert.deepEqual([data.inputShape, data.targetShape, data.inputType], [[3], [3], 'int32']);
    await loadSplits(data, folder.context());
    assert.equal((await own('abcabcabcabc', { perEpoch: 7 }).load(folder.context())).train.perEpoch, 7);
  });

  it('may be cut otherwise: byte pairs have no unknown piece', async () => {
    const tokenizer = tokenizers.bytePairs({ size: 260 });
    const data = own('床前明月光，疑是地上霜。'.repeat(4), { tokenizer });
    const loaded = await data.load(folder.context());
    assert.equal(loaded.tokenizer.decode(loaded.tokenizer.encode('舉頭！')), '舉頭！');
    assert.equal(data.vocabularySize, 260);
  });

  it('is refused when it is empty, too short, or half a character', async () => {
    const empty = await refused(own('').load(folder.context()), 'TEXT_EMPTY');
    assert.match(empty.message, /^Own text/);
    const short = await refused(own('abcdef').load(folder.context()), 'TEXT_TOO_SHORT');
    assert.match(short.message, /test: the text has 2 tokens; .* need 4/);
    await refused(own('a').load(folder.context()), 'TEXT_TOO_SHORT');
    await refused(own('abc\ud83d'.repeat(9)).load(folder.context()), 'TEXT_ENCODING');
  });

  it('with more characters than the vocabulary is refused, or marks them; so is what a model is to go on with', async () => {
    const small = { tokenizer: tokenizers.characters({ size: 4 }) };
    const text = 'ab'.repeat(10) + 'cdx';
    const unknown = await refused(own(text, small).load(folder.context()), 'TEXT_UNKNOWN');
    assert.equal(unknown.found, '"c", "d", "x"');
    assert.match(unknown.remedy ?? '', /size: 7/);
    const { test, tokenizer } = await own(text, { ...small, unknown: 'mark' }).load(folder.context());
    assert.deepEqual([...windowsOf(test.x).values].slice(-3), [1, 1, 1]);
    assert.deepEqual([...tokenizer.encode('?')], [1]);
    const strict = (await own('abcabcabcabc').load(folder.context())).tokenizer;
    assert.deepEqual([...strict.encode('cab')], [4, 2, 3]);
    assert.throws(() => strict.encode('ab?'), { code: 'TEXT_UNKNOWN' });
  });

  it('is told apart from what is no text, by the field', () => {
    assert.throws(() => datasets.text({ from: 'bible' as never, length: 3 }), /from.*'moby-dick', 'quatrains'/);
    assert.throws(() => datasets.text({ from: {} as never, length: 3 }), /from/);
    assert.throws(() => own('abc', { length: 0 }), /length/);
    assert.throws(() => own('abc', { validation: 2 }), /validation/);
    assert.throws(() => own('abc', { perEpoch: 0 }), /perEpoch/);
    assert.throws(() => own('abc', { unknown: 'drop' as never }), /'refuse', 'mark'/);
    assert.throws(() => own('abc', { tokenizer: 'characters' as never }), /tokenizer/);
    assert.throws(() => datasets.text({ from: { file: 'a.txt', text: 'a' }, length: 1 }), /from/);
  });

  it('of a file is found beside the model file or in a data folder, and refused where it is missing or no UTF-8', async () => {
    const load = (file: string): Promise<unknown> =>
      datasets.text({ from: { file }, length: 3 }).load(folder.context());
    folder.write('mine.txt', Buffer.from('\ufeffabcd'.repeat(1) + 'abcd'.repeat(20)));
    const data = datasets.text({ from: { file: 'mine.txt' }, length: 3 });
    assert.equal(await data.text(folder.context()), 'abcd'.repeat(21), 'without the mark of its byte order');
    const missing = await refused(load('nowhere.txt'), 'DATA_MISSING');
    assert.ok((missing.found ?? '').includes(folder.path) && (missing.found ?? '').includes(process.cwd()));
    folder.write('latin.txt', Buffer.from('abc\nd\xe9f'.repeat(9), 'latin1'));
    const latin = await refused(load('latin.txt'), 'DATA_CORRUPT');
    assert.match(`${latin.expected ?? ''} ${latin.found ?? ''} ${latin.remedy ?? ''}`, /UTF-8 .*2 .*UTF-8/);
    fs.mkdirSync(path.join(folder.path, 'a folder'));
    const directory = await refused(load('a folder'), 'DATA_CORRUPT');
    assert.deepEqual([directory.expected, directory.found], ['a file', 'a folder']);
    // What is no file is not to be deleted.
    assert.doesNotMatch(directory.remedy ?? 'Delete', /Delete/);
    folder.abort.abort();
    await refused(load('mine.txt'), 'CANCELLED');
  });

  for (const [from, start] of [
    ['moby-dick', /^CHAPTER 1\. Loomings\.\n\nCall me Ishmael\./],
    ['quatrains', /^([^\n]{7}，[^\n]{7}[。？！][^\n]{7}，[^\n]{7}[。？！]\n)+$/u],
  ] as const) {
    it(`${from}: as many windows as it says before it is read, and no character unknown`, async () => {
      const context = { ...folder.context(), cacheDirectory: defaultCache() };
      const data = datasets.text({ from, length: 64 });
      const { train, test } = await loadSplits(data, context);
      assert.deepEqual([train.length, test.length], [data.train, data.test]);
      const { tokenizer } = await data.load(context);
      assert.equal(tokenizer.vocabulary.length, data.vocabularySize);
      assert.match(await data.text(context), start);
    });
  }

  it('Shakespeare is read from a file of the learner', async function () {
    if (!fs.existsSync(SHAKESPEARE)) {
      console.log('      skipped: ../shared/datasets is absent');
      this.skip();
    }
    const data = datasets.text({ from: { file: SHAKESPEARE }, length: 64 });
    const { tokenizer } = await data.load(folder.context());
    assert.equal(tokenizer.vocabulary.length, 65 + 2, 'characters as nanoGPT counts them, padding and <unk>');
  });
});
