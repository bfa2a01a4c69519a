/** Examples changed by chance: what each augmentation does, and that a compiled step does the same. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { augment, datasets, experiment, losses, type Augmentation, type ExperimentConfig } from '../../../src/lab';
import { turned } from '../../../src/lab/augment/geometry';
import { betaQuantiles } from '../../../src/lab/augment/mixup';
import { augmented, SHARES } from '../../../src/learning/training/augmented';
import { createObjective, trainingLoss } from '../../../src/learning/training/objective';
import { LabError } from '../../../src/protocol/errors';
import { EVERYTHING, trainAugmented } from '../../support/augmentedTraining';
import { useEngine } from '../lab/tensorflow';

const [COUNT, SIDE] = [64, 5];

/** Pictures [64, 5, 5, 2], each number another one, none of them 0. */
const pictures = (): tf.Tensor => tf.reshape(tf.range(1, COUNT * SIDE * SIDE * 2 + 1), [COUNT, SIDE, SIDE, 2]);

type Picture = number[][][];

function applied(augmentation: Augmentation, x: tf.Tensor): Picture[] {
  const changed = augmentation.apply!(x);
  assert.deepEqual(changed.shape, x.shape);
  return changed.arraySync() as Picture[];
}

/** The picture moved down and to the right, black where nothing comes from. */
const moved = (picture: Picture, down: number, right: number): Picture =>
  picture.map((row, i) => row.map((_, j) => picture[i + down]?.[j + right] ?? [0, 0]));

describe('augmentation', () => {
  before(useEngine);
  beforeEach(() => {
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
  });

  it('flip: each picture is itself or its mirror image, about half of each', () => {
    const x = pictures();
    const original = x.arraySync() as Picture[];
    let mirrored = 0;
    applied(augment.flip(), x).forEach((picture, i) => {
      const isMirror = picture[0]![0]![0] !== original[i]![0]![0]![0];
      mirrored += Number(isMirror);
      assert.deepEqual(picture, isMirror ? original[i]!.map((row) => row.toReversed()) : original[i]);
    });
    assert.ok(mirrored > COUNT / 4 && mirrored < (3 * COUNT) / 4, String(mirrored));
  });

  it('crop: each picture is moved by whole pixels, as far as is said, with black behind it', () => {
    const x = pictures();
    const original = x.arraySync() as Picture[];
    const found = new Set<string>();
    applied(augment.crop(2), x).forEach((picture, i) => {
      for (let down = -2; down <= 2; down++)
        for (let right = -2; right <= 2; right++)
          if (JSON.stringify(picture) === JSON.stringify(moved(original[i]!, down, right)))
            found.add(`${down} ${right}`);
      assert.ok(found.size > 0);
    });
    assert.ok(found.size > 12, `${found.size} of 25 ways`);
    const together = [...found].flatMap((way) => way.split(' ').map(Number));
    assert.deepEqual([Math.min(...together), Math.max(...together)], [-2, 2]);
  });

  it('rotate: a quarter and a half turn are exact, and between pixels the four neighbours count by nearness', () => {
    const x = pictures();
    const [first] = x.arraySync() as Picture[];
    const turn = (degrees: number): Picture => {
      const angles = tf.fill([COUNT, 1, 1, 1], (degrees / 180) * Math.PI);
      return (turned(x, angles).arraySync() as Picture[])[0]!;
    };
    const close = (a: Picture, b: Picture): void => {
      a.flat(2).forEach((value, i) => {
        assert.ok(Math.abs(value - b.flat(2)[i]!) < 1e-3, `${value}, ${b.flat(2)[i]}`);
      });
    };
    close(turn(0), first!);
    close(turn(180), first!.map((row) => row.toReversed()).toReversed());
    // Against the clock: the right column becomes the top row.
    close(
      turn(90),
      first!.map((_, i) => first!.map((row) => row[SIDE - 1 - i]!)),
    );
    const half = turn(45);
    const reach = Math.SQRT1_2;
    const [near, far] = [1 - reach, reach];
    // One pixel right of the middle comes from (−√½, √½) off the middle.
    const at = (i: number, j: number): number => first![i]![j]![0]!;
    const expected = near * near * at(2, 2) + near * far * at(2, 3) + far * near * at(3, 2) + far * far * at(3, 3);
    assert.ok([half[2]![3]![0]!, half[3]![2]![0]!].some((value) => Math.abs(value - expected) < 1e-2));
  });

  it('rotate draws angles up to so many degrees, another one for each picture', () => {
    const changed = applied(augment.rotate(10), pictures());
    const angles = new Set(changed.map((picture, i) => (picture[1]![1]![0]! - i * 50).toFixed(3)));
    assert.ok(angles.size > COUNT - 8, String(angles.size));
  });

  it('noise: has mean 0 and the deviation that is said', () => {
    const values = augment.noise(0.5).apply!(tf.zeros([20_000]));
    const { mean, variance } = tf.moments(values);
    assert.ok(Math.abs(mean.arraySync() as number) < 0.02);
    assert.ok(Math.abs(Math.sqrt(variance.arraySync() as number) - 0.5) < 0.02);
  });

  it('timeMask: silences one stretch of frames in each example, at most so long', () => {
    const masked = augment.timeMask(3).apply!(tf.ones([COUNT, 10, 4])).arraySync() as number[][][];
    const lengths = masked.map((frames) => {
      const silent = frames.flatMap((frame, time) => (frame.every((value) => value === 0) ? [time] : []));
      silent.forEach((time, i) => {
        assert.equal(time, silent[0]! + i, 'one stretch');
      });
      assert.equal(frames.flat().filter((value) => value === 1).length, 4 * (10 - silent.length));
      return silent.length;
    });
    assert.deepEqual([...new Set(lengths)].sort(), [0, 1, 2, 3]);
  });

  it('mixup: draws its shares from Beta(α, α)', () => {
    const quantile = (alpha: number, q: number): number => betaQuantiles(alpha, 1_000)[Math.round(q * 1_000 - 0.5)]!;
    for (const q of [0.0105, 0.2505, 0.5005, 0.9005]) {
      assert.ok(Math.abs(quantile(1, q) - q) < 1e-3, 'uniform');
      // The arcsine law.
      assert.ok(Math.abs(quantile(0.5, q) - Math.sin((Math.PI * q) / 2) ** 2) < 1e-3, `½, ${q}`);
      const x = quantile(2, q);
      assert.ok(Math.abs(3 * x ** 2 - 2 * x ** 3 - q) < 1e-3, `2, ${q}`);
    }
    const shares = augment.mixup(0.2).shares!(2_000).arraySync();
    const mean = shares.reduce((sum, share) => sum + share, 0) / 2_000;
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / 2_000;
    assert.ok(Math.abs(mean - 0.5) < 0.06);
    // 1 / (4 (2α + 1))
    assert.ok(Math.abs(variance - 1 / 5.6) < 0.03, String(variance));
  });

  it('mixup: blends inputs and losses in the same shares, also with weights', () => {
    const fixed: Augmentation = { name: 'mixup', fits: 'any', shares: () => tf.tensor1d([0.25, 1, 0.5]) };
    const feeds = {
      x: tf.tensor2d([[4], [8], [12]]),
      y: tf.tensor1d([0, 1, 1], 'int32'),
      weights: tf.tensor1d([1, 2, 3]),
    };
    const objective = createObjective({
      data: datasets.of({ x: [[1], [2]], y: ['a', 'b'], test: { x: [[1]], y: ['a'] } }),
      loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    });
    const output = tf.tensor2d([
      [1, 0],
      [0, 2],
      [1, 1],
    ]);
    let seen: readonly number[] = [];
    const { loss } = augmented(
      (batch) => {
        seen = [...batch['x']!.dataSync()];
        assert.ok(batch[SHARES]);
        return { loss: trainingLoss(objective, batch, output) };
      },
      [fixed],
    )(feeds);
    assert.deepEqual(seen, [0.25 * 4 + 0.75 * 12, 8, 0.5 * 12 + 0.5 * 4]);
    const crossentropy = ([a, b]: readonly [number, number], label: number): number =>
      Math.log(Math.exp(a) + Math.exp(b)) - (label === 0 ? a : b);
    const row = (
      logits: readonly [number, number],
      share: number,
      own: [number, number],
      other: [number, number],
    ): number =>
      share * own[1] * crossentropy(logits, own[0]) + (1 - share) * other[1] * crossentropy(logits, other[0]);
    const expected =
      (row([1, 0], 0.25, [0, 1], [1, 3]) + row([0, 2], 1, [1, 2], [1, 2]) + row([1, 1], 0.5, [1, 3], [0, 1])) / 3;
    assert.ok(Math.abs(loss!.dataSync()[0]! - expected) < 1e-6);
  });

  it('is part of the compiled step: the same losses as eagerly, from the same seed, and nothing is left', async () => {
    const [eager, compiled] = [await trainAugmented(false), await trainAugmented(true)];
    assert.ok(compiled.compiled && !eager.compiled);
    compiled.losses.forEach((loss, step) => {
      assert.ok(Math.abs(loss - eager.losses[step]!) < 1e-4, `step ${step}: ${loss}, ${eager.losses[step]}`);
    });
    assert.deepEqual((await trainAugmented(true)).losses, compiled.losses, 'a seed repeats');
    assert.notDeepEqual((await trainAugmented(true, { seed: 2 })).losses, compiled.losses);
  });

  it('changes training batches alone, each time anew', async () => {
    const still = { optimizer: () => tf.train.sgd(0), epochs: 2 };
    const [plain, changed] = [
      await trainAugmented(true, { ...still, augment: [] }),
      await trainAugmented(true, { ...still, augment: [augment.noise(3)] }),
    ];
    assert.deepEqual(changed.validation, plain.validation);
    assert.notDeepEqual(changed.losses, plain.losses);
    assert.equal(new Set(changed.losses.map((loss) => loss.toFixed(5))).size, changed.losses.length);
  });

  it('is refused where it does not fit the data, is not called, or meets gradients of one’s own', () => {
    const tensors = tf.memory().numTensors;
    const table = datasets.of({
      x: [
        [1, 2],
        [3, 4],
      ],
      y: ['a', 'b'],
      test: { x: [[1, 2]], y: ['a'] },
    });
    const refused = (given: unknown, pattern: RegExp, more: object = {}): void => {
      assert.throws(
        () =>
          experiment({
            title: 't',
            data: table,
            augment: given,
            parameters: () => ({ w: tf.zeros([2, 2]) }),
            forward: ({ w }: { w: tf.Tensor }, x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D),
            optimizer: () => tf.train.sgd(0.1),
            loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
            epochs: 1,
            batchSize: 2,
            ...more,
          } as unknown as ExperimentConfig),
        (error) => error instanceof LabError && pattern.test(`${error.message} ${error.data.remedy ?? ''}`),
      );
    };
    refused([augment.flip], /augment\.flip\(\)/);
    refused(augment.noise(0.1), /a list of augmentations/);
    refused([augment.flip()], /augment: flip: .*\[height, width, channels\].*\[2\]/);
    refused([augment.timeMask(2)], /augment: timeMask/);
    refused([augment.mixup(0.2), augment.mixup(0.2)], /mixup once/);
    refused([augment.mixup(0.2)], /gradients/, { gradients: () => ({}) });
    const tokens = datasets.of({ x: [[1], [2]], y: ['a', 'b'], inputType: 'int32', test: { x: [[1]], y: ['a'] } });
    refused([augment.noise(0.1)], /one input of numbers/, { data: tokens });
    assert.throws(() => augment.crop(0), /crop/);
    assert.throws(() => augment.noise(0), /noise/);
    assert.throws(() => augment.rotate(181), /rotate/);
    assert.equal(EVERYTHING.length, 6);
    assert.equal(tf.memory().numTensors, tensors);
  });
});
