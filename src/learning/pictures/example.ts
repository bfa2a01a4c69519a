/** One test example, as tensors and as a picture. */
import * as tf from '@tensorflow/tfjs';
import type { Numbers, PlainDataset, PlainSplit, Shape } from '../../lab/dataset';
import { fixedSizes } from '../../lab/fields';
import type { PicturedExample } from '../../protocol/pictures';
import type { PictureContext } from './maker';
import { classProbabilities, mostProbable } from './probabilities';

type Examples = Pick<PictureContext, 'data' | 'test'>;

/** Where in a row of the data a picture lies, and what of it can be shown: one channel, or the first three as colours. */
export interface PictureLayout {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Channels of the data. */
  readonly depth: number;
  /** Numbers in a row, and the column that the picture begins with. */
  readonly row: number;
  readonly from: number;
}

export function layoutOf({ inputShape, picture }: PlainDataset): PictureLayout {
  const sizes = fixedSizes(inputShape);
  const [height = 0, width = 0, depth = 1] = picture?.shape ?? sizes;
  const size = height * width * depth;
  const place = picture === undefined ? { row: size, from: 0 } : { row: sizes[0] ?? size, from: picture.from };
  return { width, height, depth, channels: depth < 3 ? 1 : 3, ...place };
}

/** The example as height · width · channels bytes, base64. Numbers beyond 0 … 1 are scaled from the least to the largest. */
export function pixels(test: PlainSplit, layout: PictureLayout, index: number): string {
  const { width, height, channels, depth, row, from } = layout;
  const first = index * row + from;
  const values = test.x.subarray(first, first + height * width * depth);
  const [low, high] = values instanceof Uint8Array ? [0, 255] : rangeOf(values);
  const bytes = Uint8ClampedArray.from({ length: height * width * channels }, (_, i) => {
    const value = values[Math.floor(i / channels) * depth + (i % channels)] ?? 0;
    return ((value - low) / (high - low)) * 255;
  });
  return Buffer.from(bytes).toString('base64');
}

function rangeOf(values: Iterable<number>): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low >= 0 && high <= 1) return [0, 1];
  return [low, low === high ? low + 1 : high];
}

/** A batch of one: x [1, ...inputShape], bytes scaled to 0..1; y [1, ...targetShape]. The caller disposes both. */
export function batchOfOne({ data, test }: Examples, index: number): { x: tf.Tensor; y: tf.Tensor } {
  const row = (values: Numbers, shape: Shape): tf.Tensor => {
    const size = sizeOf(shape);
    const own = values.slice(index * size, (index + 1) * size);
    const scaled = own instanceof Uint8Array ? Float32Array.from(own, (value) => value / 255) : own;
    const numbers = scaled instanceof Uint16Array ? Int32Array.from(scaled) : scaled;
    return tf.tensor(numbers, [1, ...fixedSizes(shape)], numbers instanceof Int32Array ? 'int32' : 'float32');
  };
  return { x: row(test.x, data.inputShape), y: row(test.y, data.targetShape) };
}

const sizeOf = (shape: Shape): number => fixedSizes(shape).reduce((product, side) => product * side, 1);

export function describeExample(
  { data, test, fromLogits }: Examples & Pick<PictureContext, 'fromLogits'>,
  index: number,
  output: tf.Tensor | undefined,
): PicturedExample {
  const layout = layoutOf(data);
  const { width, height, channels } = layout;
  return {
    index,
    label: test.y[index * sizeOf(data.targetShape)] ?? 0,
    predicted: data.classes.length < 2 || output === undefined ? null : predictedClass(output, fromLogits),
    ...(data.kind === 'images' ? { image: { width, height, channels, pixels: pixels(test, layout, index) } } : {}),
  };
}

function predictedClass(output: tf.Tensor, fromLogits: boolean): number | null {
  const probabilities = classProbabilities(output, fromLogits);
  const [found] = mostProbable(probabilities).classes;
  probabilities.dispose();
  return found ?? null;
}
