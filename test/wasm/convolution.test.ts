/**
 * The gradients of convolutions on WebAssembly: against tfjs's JavaScript, and against differences of the forward pass. A
 * convolution is linear in the picture and in the weights alike, so a difference of any width is its slope but for rounding.
 */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { difference, onCpu, onWasm, randomTensor, sum } from './cpu';
import { useWasm } from './engine';

type Pad = 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]];

interface Case {
  /** [batch, height, width, channels] */
  readonly x: [number, number, number, number];
  /** [height, width, channels, outputs] */
  readonly filter: [number, number, number, number];
  readonly strides: [number, number];
  readonly pad: Pad;
  readonly dilations?: [number, number];
}

const PADS: readonly Pad[] = [
  'valid',
  'same',
  1,
  [
    [0, 0],
    [2, 0],
    [1, 3],
    [0, 0],
  ],
];

/** Pictures and weights of odd and even sides, one channel and several, batches of one. */
const SHAPES: readonly Pick<Case, 'x' | 'filter'>[] = [
  { x: [2, 7, 6, 3], filter: [3, 3, 3, 4] },
  { x: [1, 8, 8, 1], filter: [5, 5, 1, 2] },
  { x: [3, 5, 9, 2], filter: [1, 1, 2, 3] },
  { x: [2, 6, 5, 4], filter: [2, 4, 4, 1] },
];
const STRIDES: readonly [number, number][] = [
  [1, 1],
  [2, 2],
  [3, 1],
];

const CASES: Case[] = SHAPES.flatMap((shape) =>
  STRIDES.flatMap((strides) => PADS.map((pad): Case => ({ ...shape, strides, pad }))),
).filter(fits);

/** Padding by a number needs windows that come out even. */
function fits({ x, filter, strides, pad }: Case): boolean {
  if (typeof pad !== 'number') return true;
  return [0, 1].every((axis) => ((x[axis + 1] ?? 0) + 2 * pad - (filter[axis] ?? 0)) % (strides[axis] ?? 1) === 0);
}

/** A padding by a number, for JavaScript: it reckons sizes wrong where steps or windows differ by axis. */
function sideBySide<Attributes extends { pad: Pad }>(attributes: Attributes): Attributes {
  const { pad } = attributes;
  if (typeof pad !== 'number') return attributes;
  const pads: Pad = [[0, 0], [pad, pad], [pad, pad], [0, 0]]; // prettier-ignore
  return { ...attributes, pad: pads };
}

const titleOf = ({ x, filter, strides, pad, dilations }: Case): string =>
  `[${x.join()}] * [${filter.join()}], steps ${strides.join()}, padding ${typeof pad === 'object' ? pad.slice(1, 3).join(' ') : pad}` +
  (dilations === undefined ? '' : `, gaps ${dilations.join()}`);

/** How near float32 sums of a few hundred products come. */
const TOLERANCE = 2e-5;

describe('convolutions on WebAssembly', () => {
  before(useWasm);

  const forward = (x: tf.Tensor, filter: tf.Tensor, { strides, pad }: Case): tf.Tensor =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);

  for (const one of CASES) {
    it(`have the gradients of JavaScript and of differences: ${titleOf(one)}`, () => {
      tf.tidy(() => {
        const { strides, pad } = one;
        const x = randomTensor(one.x, 1);
        const filter = randomTensor(one.filter, 2);
        const dy = randomTensor(forward(x, filter, one).shape, 3);
        const attributes = { strides, pad, dataFormat: 'NHWC' };
        const forFilter = { ...attributes, filterShape: one.filter };
        const forInput = { ...attributes, inputShape: one.x };
        const slopes = onWasm('Conv2DBackpropFilter', { x, dy }, forFilter);
        assert.deepEqual(slopes.shape, one.filter);
        const expected = onCpu('Conv2DBackpropFilter', { x, dy }, sideBySide(forFilter)).values;
        assert.ok(difference(slopes.dataSync(), expected) < TOLERANCE, 'the weights');
        const picture = onWasm('Conv2DBackpropInput', { dy, filter }, forInput);
        assert.deepEqual(picture.shape, one.x);
        const expectedPicture = onCpu('Conv2DBackpropInput', { dy, filter }, sideBySide(forInput)).values;
        assert.ok(difference(picture.dataSync(), expectedPicture) < TOLERANCE, 'the picture');

        const loss = (a: tf.Tensor, b: tf.Tensor): number => sum(tf.mul(forward(a, b, one), dy));
        const [u, v] = [randomTensor(one.x, 4), randomTensor(one.filter, 5)];
        const close = (found: number, slope: number): boolean => {
          console.log(found, slope);
          return Math.abs(found - slope) < 1e-3 * (1 + Math.abs(slope));
        };
        const alongFilter = (loss(x, tf.add(filter, v)) - loss(x, tf.sub(filter, v))) / 2;
        assert.ok(close(sum(tf.mul(slopes, v)), alongFilter), 'differences by the weights');
        const alongPicture = (loss(tf.add(x, u), filter) - loss(tf.sub(x, u), filter)) / 2;
        assert.ok(close(sum(tf.mul(picture, u)), alongPicture), 'differences by the picture');
      });
    });
  }

  it('leave nothing behind', () => {
    const x = randomTensor([2, 7, 6, 3], 1);
    const filter = randomTensor([3, 3, 3, 4], 2);
    const dy = randomTensor([2, 4, 3, 4], 3);
    const counts = (): number[] => [tf.memory().numTensors, tf.backend().numDataIds()];
    const before = counts();
    const attributes = { strides: [2, 2], pad: 'same', dataFormat: 'NHWC' };
    onWasm('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape }).dispose();
    onWasm('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape }).dispose();
    assert.deepEqual(counts(), before);
    tf.dispose([x, filter, dy]);
  });

  it('refuse channels first as TensorFlow does on a processor', () => {
    tf.tidy(() => {
      const attributes = { strides: 1, pad: 'valid', dataFormat: 'NCHW', filterShape: [1, 1, 1, 1] };
      const one = tf.ones([1, 1, 1, 1]);
      assert.throws(() => onWasm('Conv2DBackpropFilter', { x: one, dy: one }, attributes), /NHWC/);
    });
  });
});

const DEPTHWISE: Case[] = [
  ...CASES.map((one) => ({ ...one, filter: [one.filter[0], one.filter[1], one.x[3], 2] as Case['filter'] })),
  { x: [2, 9, 8, 3], filter: [3, 2, 3, 1], strides: [1, 1], pad: 'valid', dilations: [2, 3] },
  { x: [2, 9, 8, 2], filter: [3, 3, 2, 2], strides: [1, 1], pad: 'same', dilations: [2, 2] },
];

describe('depthwise convolutions on WebAssembly', () => {
  before(useWasm);

  const forward = (x: tf.Tensor, filter: tf.Tensor, { strides, pad, dilations }: Case): tf.Tensor =>
    tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, 'NHWC', dilations ?? [1, 1]);

  for (const one of DEPTHWISE) {
    it(`have the gradients of JavaScript and of differences: ${titleOf(one)}`, () => {
      tf.tidy(() => {
        const { strides, pad, dilations = [1, 1] } = one;
        const x = randomTensor(one.x, 1);
        const filter = randomTensor(one.filter, 2);
        const dy = randomTensor(forward(x, filter, one).shape, 3);
        const attributes = { strides, pad, dilations };
        const forFilter = { ...attributes, filterShape: one.filter };
        const forInput = { ...attributes, inputShape: one.x };
        const slopes = onWasm('DepthwiseConv2dNativeBackpropFilter', { x, dy }, forFilter);
        const picture = onWasm('DepthwiseConv2dNativeBackpropInput', { dy, filter }, forInput);
        assert.deepEqual([slopes.shape, picture.shape], [one.filter, one.x]);
        // tfjs's JavaScript takes no notice of gaps.
        if (one.dilations === undefined) {
          const expected = onCpu('DepthwiseConv2dNativeBackpropFilter', { x, dy }, sideBySide(forFilter)).values;
          assert.ok(difference(slopes.dataSync(), expected) < TOLERANCE, 'the weights');
          const expectedPicture = onCpu(
            'DepthwiseConv2dNativeBackpropInput',
            { dy, filter },
            sideBySide(forInput),
          ).values;
          assert.ok(difference(picture.dataSync(), expectedPicture) < TOLERANCE, 'the picture');
        }
        const loss = (a: tf.Tensor, b: tf.Tensor): number => sum(tf.mul(forward(a, b, one), dy));
        const [u, v] = [randomTensor(one.x, 4), randomTensor(one.filter, 5)];
        const close = (found: number, slope: number): boolean => {
          console.log(found, slope);
          return Math.abs(found - slope) < 1e-3 * (1 + Math.abs(slope));
        };
        const alongFilter = (loss(x, tf.add(filter, v)) - loss(x, tf.sub(filter, v))) / 2;
        assert.ok(close(sum(tf.mul(slopes, v)), alongFilter), 'differences by the weights');
        const alongPicture = (loss(tf.add(x, u), filter) - loss(tf.sub(x, u), filter)) / 2;
        assert.ok(close(sum(tf.mul(picture, u)), alongPicture), 'differences by the picture');
      });
    });
  }
});

describe('convolutions over space and time on WebAssembly', () => {
  before(useWasm);

  for (const { strides, pad } of [
    { strides: 1, pad: 'same' },
    { strides: 1, pad: 'valid' },
    { strides: [2, 1, 2], pad: 'same' },
    { strides: 2, pad: 'valid' },
  ] as const)
    it(`have the slopes of their input, steps ${String(strides)}, ${pad}`, () => {
      tf.tidy(() => {
        const inputShape = [2, 3, 4, 5, 2];
        const filter = randomTensor([2, 2, 3, 2, 3], 1);
        const x = randomTensor(inputShape, 2) as tf.Tensor5D;
        const steps = strides as [number, number, number] | number;
        const y = tf.conv3d(x, filter as tf.Tensor5D, steps, pad);
        const dy = randomTensor(y.shape, 3);
        const attributes = { inputShape, strides: steps, pad };
        const found = onWasm('Conv3DBackpropInputV2', { dy, filter }, attributes);
        const expected = onCpu('Conv3DBackpropInputV2', { dy, filter }, attributes);
        assert.deepEqual(found.shape, inputShape);
        assert.ok(difference(found.dataSync(), expected.values) < 1e-5);
        // The loss is linear in x: the slopes times another input are the loss there.
        const loss = sum(tf.mul(y, dy));
        assert.ok(Math.abs(sum(tf.mul(found, x)) - loss) < 1e-4 * Math.max(1, Math.abs(loss)));
      });
    });
});
