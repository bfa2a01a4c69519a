import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { defaultCache } from '../../../src/files/cache';
import { datasets, tf, tokenizers } from '../../../src/lab';
import { loadSplits } from '../../../src/lab/loadSplits';
import { DataFolder, refused } from './dataFolder';
import { useEngine } from './tensorflow';

const tokenizer = tokenizers.words({ size: 8 });

describe('lab/datasets: texts', () => {
  before(useEngine);
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const own = (
    train: readonly string[],
    options: Partial<datasets.TextsOptions> = {},
    labels: readonly number[] = train.map((_, i) => i % 2),
  ): datasets.TextDataset =>
    datasets.texts({
      name: 'Own',
      classes: ['no', 'yes'],
      train: train.length,
      test: 1,
      tokenizer,
      length: 3,
      read: () => ({ train: { texts: train, labels }, test: { texts: ['good new'], labels: [1] } }),
      ...options,
    });

  it('become rows of tokens, padded and cut; the vocabulary is that of the training texts alone', async () => {
    const data = own(['good good', 'bad good bad bad good']);
    const { train, test, tokenizer: words } = await data.load(folder.context());
    assert.deepEqual(words.vocabulary, ['<pad>', '<unk>', 'good', 'bad']);
    assert.ok(train.x instanceof Int32Array);
    assert.deepEqual([...train.x], [2, 2, 0, 3, 2, 3]);
    assert.deepEqual([...test.x], [2, 1, 0]);
    assert.deepEqual([...train.y], [0, 1]);
    assert.deepEqual([data.inputShape, data.inputType, data.vocabularySize], [[3], 'int32', 8]);
    await loadSplits(data, folder.context());
  });

  it('are refused when they are too long and must not be cut, empty, half a character, or without a label', async () => {
    await refused(own(['a b c d'], { longer: 'refuse' }).load(folder.context()), 'TEXT_TOO_LONG');
    const empty = await refused(own(['fine', ' \n']).load(folder.context()), 'TEXT_EMPTY');
    assert.match(empty.message, /train\.texts\[1\]/);
    await refused(own(['fine', '\ud83d']).load(folder.context()), 'TEXT_ENCODING');
    await refused(own(['fine', 'bad'], {}, [1]).load(folder.context()), 'DATA_INVALID');
    await refused(loadSplits(own(['fine'], {}, [2]), folder.context()), 'DATA_LABEL_RANGE');
    assert.throws(() => own(['a'], { length: 0 }), /length/);
    assert.throws(() => own(['a'], { tokenizer: 'words' as never }), /tokenizer/);
    assert.throws(() => own(['a'], { vectors: 'word2vec' as never }), /glove/);
    assert.throws(() => datasets.reviews({ tokenizer, length: 3, language: 'latin' as never }), /'english', 'chinese'/);
    assert.throws(() => datasets.reviews({ tokenizer, length: 3, train: 2_376 }), /2375/);
  });

  it('take vectors from GloVe by word: zeros for what has none, for padding, and before anything is loaded', async () => {
    const data = own(['good good xyzzyx', 'bad'], { vectors: 'glove' });
    const before = tf.memory().numTensors;
    const context = { ...folder.context(), cacheDirectory: defaultCache() };
    const empty = data.vectors();
    assert.deepEqual([empty.shape, empty.abs().sum().dataSync()[0]], [[8, 50], 0]);
    await data.load(context);
    const [pad, unknown, good, bad, odd] = data.vectors().arraySync();
    assert.deepEqual(
      [pad, unknown, odd].flat().filter((value) => value !== 0),
      [],
    );
    assert.ok(good!.some((value) => value !== 0) && bad!.some((value) => value !== 0));
    assert.throws(() => own(['a']).vectors(), /glove/);
    assert.equal(tf.memory().numTensors, before + 4, 'two matrices, and what was computed of the first');
  });

  describe('of a file', () => {
    const write = (bytes: string | Buffer): void => {
      for (const split of ['train', 'test']) folder.write(`reviews-english/${split}.tsv.gz`, gzipSync(bytes));
    };
    const reviews = (options: Partial<datasets.ReviewsOptions> = {}): Promise<unknown> =>
      datasets.reviews({ tokenizer, length: 3, train: 2, test: 2, ...options }).load(folder.context());

    it('are read, a review a line', async () => {
      write('1\tGood.\n0\tNot so good\n1\tmore\n');
      const data = datasets.reviews({ tokenizer, length: 3, train: 2, test: 1 });
      assert.deepEqual((await data.texts(folder.context())).train, { texts: ['Good.', 'Not so good'], labels: [1, 0] });
    });

    it('are refused where it is missing, no UTF-8, of other lines, labels or length', async () => {
      const missing = await refused(reviews(), 'DATA_MISSING');
      assert.match(missing.expected ?? '', /reviews-english/);
      write(Buffer.concat([Buffer.from('1\tGood.\n0\t'), Buffer.of(0xff, 0xfe), Buffer.from('\n')]));
      const bytes = await refused(reviews(), 'DATA_CORRUPT');
      assert.match(`${bytes.expected ?? ''} ${bytes.found ?? ''}`, /UTF-8 .*2/);
      for (const text of ['1\tGood.\nnothing\n', '1\tGood.\n', '1\tGood.\n0\t  \n']) {
        write(text);
        await refused(reviews(), 'DATA_CORRUPT');
      }
      write('1\tGood.\n2\tbad\n');
      await refused(reviews(), 'DATA_LABEL_RANGE');
    });

    it('stop when cancelled', async () => {
      folder.abort.abort();
      await refused(reviews(), 'CANCELLED');
    });
  });
});
