/** Arrays and tensors of learners: what becomes of them, and how each mistake of the public reports is told. */
import assert from 'node:assert/strict';
import { datasets, tf, type InMemoryDataset, type PlainSplit } from '../../../src/lab';
import { loadSplits } from '../../../src/lab/loadSplits';
import type { LabErrorCode, LabErrorData } from '../../../src/protocol/errors';
import { DataFolder, thrown } from './dataFolder';
import { useEngine } from './tensorflow';

describe('lab/datasets: of', () => {
  before(useEngine);
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const load = async (data: InMemoryDataset): Promise<{ train: PlainSplit; test: PlainSplit }> => {
    await loadSplits(data, folder.context());
    return data.load(folder.context());
  };

  const refusedOf = (options: unknown, code: LabErrorCode): LabErrorData =>
    thrown(() => datasets.of(options as datasets.OfOptions), code);

  const ten = Array.from({ length: 10 }, (_, i) => [i, -i]);

  it('takes arrays and names of classes, and splits each class the same way', async () => {
    const y = ten.map((_, i) => (i % 2 === 0 ? 'even' : 'odd'));
    const data = datasets.of({ x: ten, y, name: 'Parity' });
    assert.deepEqual([data.name, data.kind, data.inputShape, data.targetShape], ['Parity', 'points', [2], []]);
    assert.deepEqual([data.classes, data.train, data.test], [['even', 'odd'], 8, 2]);
    const { train, test } = await load(data);
    assert.deepEqual([...test.y].sort(), [0, 1]);
    for (const { x, y: labels, length } of [train, test])
      for (let row = 0; row < length; row++) {
        assert.ok(x[2 * row + 1] === -(x[2 * row] ?? 0), 'rows are whole');
        assert.equal(labels[row], (x[2 * row] ?? 0) % 2, 'each row keeps its target');
      }
  });

  it('takes labels from 1 to K as classes of these names, and places in classes that are named', () => {
    const y = ten.map((_, i) => 1 + (i % 3));
    assert.deepEqual(datasets.of({ x: ten, y }).classes, ['1', '2', '3']);
    const named = refusedOf({ x: ten, y, classes: ['a', 'b', 'c'] }, 'DATA_LABEL_RANGE');
    assert.match(named.message, /label 3 in row 2/);
    assert.match(String(named.remedy), /take 1 from each/);
    const minus = refusedOf(
      { x: ten, y: y.map((one) => (one === 1 ? 1 : -1)), classes: ['no', 'yes'] },
      'DATA_LABEL_RANGE',
    );
    assert.match(String(minus.remedy), /0 in place of -1/);
  });

  it('takes tensors, whose numbers are copied and which stay the caller’s', async () => {
    const before = tf.memory().numTensors;
    const [x, y] = [tf.tidy(() => tf.linspace(0, 1, 40).reshape([10, 2, 2, 1])), tf.linspace(0, 9.5, 10)];
    const data = datasets.of({ x, y, test: 0.3 });
    assert.deepEqual([data.kind, data.inputShape, data.targetShape], ['images', [2, 2, 1], [1]]);
    const { train, test } = await load(data);
    assert.deepEqual([train.length, test.length], [7, 3]);
    assert.equal(train.x.length, 28);
    assert.ok(!x.isDisposed && !y.isDisposed);
    tf.dispose([x, y]);
    assert.equal(tf.memory().numTensors, before);
    const ids = tf.ones([4, 3], 'int32');
    assert.equal(datasets.of({ x: ids, y: [0, 1, 0, 1] }).inputType, 'int32');
    ids.dispose();
  });

  it('takes typed arrays with the shape of a row, and examples for testing of their own', async () => {
    const pictures = datasets.of({
      x: new Uint8Array(4 * 12).fill(255),
      inputShape: [2, 2, 3],
      y: ['b', 'a', 'b', 'a'],
      test: { x: new Uint8Array(12), y: ['b'] },
    });
    const { train, test } = await load(pictures);
    assert.deepEqual([[...train.y], [...test.y]], [[1, 0, 1, 0], [1]]);
    const numbered = datasets.of({ x: [1, 2, 3], y: [7, 8, 7], test: { x: [4], y: [8] } });
    assert.deepEqual([numbered.inputShape, numbered.classes], [[1], ['7', '8']]);
    assert.deepEqual([...(await load(numbered)).test.y], [1]);
    const tokens = datasets.of({
      x: [
        [1, 2],
        [3, 4],
      ],
      y: [0.5, 1.5],
      inputType: 'int32',
      test: 0.5,
    });
    assert.ok((await load(tokens)).train.x instanceof Int32Array);
  });

  it('takes one-hot targets, several numbers a row, and whole numbers that are a regression', () => {
    const hot = datasets.of({ x: ten, y: ten.map((_, i) => (i % 2 === 0 ? [1, 0] : [0, 1])), classes: ['a', 'b'] });
    assert.deepEqual([hot.targetShape, hot.classes], [[2], ['a', 'b']]);
    const several = datasets.of({ x: ten, y: ten.map(([a = 0]) => [a, 2 * a]) });
    assert.deepEqual([several.targetShape, several.classes], [[2], []]);
    const counts = datasets.of({ x: ten, y: ten.map((_, i) => i), task: 'regression' });
    assert.deepEqual([counts.targetShape, counts.classes], [[1], []]);
  });

  it('names the row that is no number, has another size, lacks its target, or is of no class', () => {
    const hole = ten.map(([a = 0, b = 0], i) => [a, i === 6 ? Number.NaN : b]);
    assert.match(refusedOf({ x: hole, y: ten.map((_, i) => i % 2) }, 'DATA_NOT_FINITE').message, /row 6, number 1/);
    const y = ten.map((_, i) => (i === 3 ? Number.POSITIVE_INFINITY : i / 2));
    assert.match(refusedOf({ x: ten, y }, 'DATA_NOT_FINITE').message, /y: .*Infinity in row 3/);
    const short = ten.map((row, i) => (i === 4 ? [1] : row));
    assert.match(refusedOf({ x: short, y }, 'DATA_INVALID').message, /x\[4\]: .*\[2\].*\[1\]/);
    assert.match(refusedOf({ x: ten, y: [1, 0] }, 'DATA_INVALID').message, /10 targets.*2 targets/);
    const names = ten.map((_, i) => (i === 5 ? null : 'a'));
    assert.match(refusedOf({ x: ten, y: names }, 'DATA_INVALID').message, /y\[5\]/);
    const misspelt = ten.map((_, i) => (i === 5 ? 'dgo' : 'dog'));
    assert.match(refusedOf({ x: ten, y: misspelt, classes: ['cat', 'dog'] }, 'DATA_INVALID').message, /y\[5\].*dgo/);
    const odd = refusedOf({ x: [[1, 2.5]], y: [1], inputType: 'int32' }, 'DATA_INVALID');
    assert.match(odd.message, /2\.5 in row 0/);
  });

  it('refuses tokens as bytes, splits without a row, other shapes for testing, and options that nobody reads', () => {
    const bytes = refusedOf({ x: new Uint8Array(20), inputShape: [2], y: ten.map((_, i) => i % 2) }, 'DATA_INVALID');
    assert.match(String(bytes.remedy), /Int32Array\.from/);
    refusedOf({ x: [], y: [] }, 'DATA_UNUSABLE');
    refusedOf({ x: [[1]], y: [0.5] }, 'DATA_UNUSABLE');
    refusedOf({ x: ten, y: ten.map((_, i) => i / 2), test: { x: [], y: [] } }, 'DATA_UNUSABLE');
    refusedOf({ x: ten, y: ten.map((_, i) => i / 2), test: { x: [[1, 2, 3]], y: [1] } }, 'DATA_INVALID');
    refusedOf({ x: new Float32Array(7), inputShape: [2], y: [1, 2, 3] }, 'DATA_INVALID');
    refusedOf({ x: new Float64Array(8), inputShape: [2], y: [1, 2, 3, 4] }, 'DATA_INVALID');
    refusedOf({ x: ten, y: ten.map((_, i) => i / 2), test: 1 }, 'EXPERIMENT_INVALID');
    refusedOf({ x: ten, y: ten.map((_, i) => i % 2), classes: ['a'] }, 'EXPERIMENT_INVALID');
    refusedOf({ x: ten, y: ten.map((_, i) => i % 2), batch: 3 }, 'EXPERIMENT_INVALID');
    refusedOf({ x: 'rows', y: [1] }, 'DATA_INVALID');
    refusedOf({ x: tf.tidy(() => tf.scalar(1)).arraySync(), y: [1] }, 'DATA_INVALID');
  });
});
