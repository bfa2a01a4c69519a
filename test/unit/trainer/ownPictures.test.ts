/** Pictures of data sets of the learner's own, through real runs: of each kind, with odd shapes, ranges and targets. */
import assert from 'node:assert/strict';
import type { Picture, PictureKind } from '../../../src/protocol/pictures';
import { readPictures } from '../../../src/runFolder/pictures';
import { Bench } from './support';

interface Own {
  readonly kind: 'points' | 'images' | 'table';
  readonly inputShape: readonly number[];
  /** None: regression. */
  readonly classes: number;
  /** A row's number `i`, of a row that belongs to class `k`. */
  readonly value: string;
}

/** Rows that follow from their class alone, so that what a picture has to show is known. The last class is never learned. */
const text = ({ kind, inputShape, classes, value }: Own): string => `
import { experiment, tf, type Dataset } from 'deep-learning-lab';
const size = ${String(inputShape.reduce((product, side) => product * side, 1))};
const split = (length: number) => {
  const x = new Float32Array(length * size);
  for (let r = 0; r < length; r++)
    for (let i = 0; i < size; i++) {
      const k = r % ${String(Math.max(classes, 1))};
      x[r * size + i] = ${value};
    }
  const labels = Array.from({ length }, (_, r) => r % ${String(Math.max(classes, 1))});
  return { length, x, y: ${classes > 0 ? 'Int32Array' : 'Float32Array'}.from(labels) };
};
const data: Dataset = {
  name: 'Own', kind: '${kind}', inputShape: ${JSON.stringify(inputShape)},
  classes: ${JSON.stringify(Array.from({ length: classes }, (_, k) => `class ${String(k)}`))}, targetShape: [],
  train: 24, test: 12, licence: 'made here',
  load: () => Promise.resolve({ train: split(24), test: split(12) }),
};
export default experiment({
  title: 'Own', data,
  model: ({ inputShape }) =>
    tf.sequential({ layers: [
      ...(inputShape.length > 1 ? [tf.layers.flatten({ inputShape })] : []),
      tf.layers.dense({ ...(inputShape.length > 1 ? {} : { inputShape }), units: ${String(Math.max(classes, 1))}, kernelInitializer: 'zeros'${classes > 0 ? ", activation: 'softmax'" : ''} }),
    ] }),
  optimizer: () => tf.train.sgd(1e-9),
  loss: ${classes > 0 ? "'sparseCategoricalCrossentropy'" : "'meanSquaredError'"},
  epochs: 1, batchSize: 8, seed: 1,
});
`;

describe("the pictures of a data set of one's own", function () {
  this.timeout(120_000);
  let bench: Bench;
  before(() => {
    bench = new Bench();
  });
  after(() => bench.dispose());

  const picturesOf = async (own: Own): Promise<Picture[]> => {
    const run = await bench.start(await bench.trainer(), bench.modelFile(text(own)));
    const { state, end } = await run.ended();
    run.dispose();
    assert.equal(state, 'finished', JSON.stringify(end));
    return await readPictures(run.runFolder);
  };
  const only = <K extends PictureKind>(pictures: readonly Picture[], kind: K): Extract<Picture, { kind: K }> => {
    const found = pictures.filter((picture): picture is Extract<Picture, { kind: K }> => picture.kind === kind);
    assert.equal(found.length, 1, kind);
    return found[0]!;
  };
  const kinds = (pictures: readonly Picture[]): string[] => pictures.map(({ kind }) => kind).sort();

  it('of points: boundary and confusion, the ranges those of the points', async () => {
    const pictures = await picturesOf({ kind: 'points', inputShape: [2], classes: 3, value: 'k * 10 + i' });
    assert.deepEqual(kinds(pictures), ['confusionMatrix', 'decisionBoundary']);
    const { xRange, yRange, points } = only(pictures, 'decisionBoundary');
    assert.deepEqual(
      [xRange, yRange],
      [
        [-2, 22],
        [-1, 23],
      ],
    );
    assert.deepEqual(points[1], { x: 10, y: 11, label: 1 });
    const { counts } = only(pictures, 'confusionMatrix');
    assert.deepEqual(
      counts.map((row) => row.reduce((sum, count) => sum + count, 0)),
      [4, 4, 4],
    );
  });

  it('of points that all lie in one place: still a plane', async () => {
    const { xRange } = only(
      await picturesOf({ kind: 'points', inputShape: [2], classes: 2, value: '7' }),
      'decisionBoundary',
    );
    assert.deepEqual(xRange, [6.9, 7.1]);
  });

  it('of a table: the confusion', async () => {
    assert.deepEqual(kinds(await picturesOf({ kind: 'table', inputShape: [5], classes: 2, value: 'k' })), [
      'confusionMatrix',
    ]);
  });

  for (const kind of ['points', 'images', 'table'] as const) {
    it(`of ${kind} with targets that are numbers, or with one class: none, and the run ends well`, async () => {
      const inputShape = { points: [2], images: [3, 2, 1], table: [4] }[kind];
      for (const classes of [0, 1])
        assert.deepEqual(kinds(await picturesOf({ kind, inputShape, classes, value: 'i' })), []);
    });
  }

  // Two rows of three pixels; a pixel has its number in its first channel, the channel's number in the others.
  for (const [what, depth, value, bytes] of [
    ['grey, 0 to 1', 1, 'i / 5', [0, 51, 102, 153, 204, 255]],
    ['grey, standardized: from -1 to 1', 1, 'i / 2.5 - 1', [0, 51, 102, 153, 204, 255]],
    ['grey, 0 to 255 as floats', 1, 'i * 51', [0, 51, 102, 153, 204, 255]],
    ['grey with another channel: the first is shown', 2, 'i % 2 === 0 ? i / 10 : 0.5', [0, 51, 102, 153, 204, 255]],
    ['in colour', 3, 'i / 17', Array.from({ length: 18 }, (_, i) => i * 15)],
    [
      'in colour with an alpha channel, which is left out',
      4,
      'i % 4 === 3 ? 1 : (Math.floor(i / 4) * 3 + (i % 4)) / 17',
      Array.from({ length: 18 }, (_, i) => i * 15),
    ],
    ['of one colour beyond 1', 1, '5', [0, 0, 0, 0, 0, 0]],
  ] as const) {
    it(`of images: the worst mistakes, ${what}`, async () => {
      const pictures = await picturesOf({ kind: 'images', inputShape: [2, 3, depth], classes: 2, value });
      assert.deepEqual(kinds(pictures), ['confusionMatrix', 'worstMistakes']);
      const { width, height, channels, count, items } = only(pictures, 'worstMistakes');
      assert.deepEqual([width, height, channels, count], [3, 2, depth < 3 ? 1 : 3, 6]);
      assert.deepEqual([...Buffer.from(items[0]!.pixels, 'base64')], bytes);
    });
  }
});
