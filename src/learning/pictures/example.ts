/** One test example, as tensors and as a picture. */
import * as tf from '@tensorflow/tfjs';
import type { Split } from '../../lab/dataset';
import type { PicturedExample } from '../../protocol/run';
import type { PictureContext } from './maker';
import { classProbabilities, mostProbable } from './probabilities';

type Examples = Pick<PictureContext, 'experiment' | 'test'>;

/** The example's bytes, base64: `size` values, where its row is longer those from column `from` on. */
export function pixels(test: Split, size: number, index: number, { row = size, from = 0 } = {}): string {
  const first = index * row + from;
  const values = test.x.subarray(first, first + size);
  const bytes = values instanceof Uint8Array ? values : Uint8Array.from(values, (value) => Math.round(value * 255));
  return Buffer.from(bytes).toString('base64');
}

/** A batch of one: x float32 [1, ...inputShape], bytes scaled to 0..1; y [1, ...targetShape]. The caller disposes both. */
export function batchOfOne({ experiment, test }: Examples, index: number): { x: tf.Tensor; y: tf.Tensor } {
  const { inputShape, targetShape } = experiment.data;
  const row = <T extends Split['x'] | Split['y']>(values: T, shape: readonly number[]): T => {
    const size = sizeOf(shape);
    return values.slice(index * size, (index + 1) * size) as T;
  };
  const x = row(test.x, inputShape);
  const scaled = x instanceof Uint8Array ? Float32Array.from(x, (value) => value / 255) : x;
  const y = row(test.y, targetShape);
  return {
    x: tf.tensor(scaled, [1, ...inputShape], 'float32'),
    y: tf.tensor(y, [1, ...targetShape], y instanceof Int32Array ? 'int32' : 'float32'),
  };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

export function describeExample(
  { experiment, test, fromLogits }: Examples & Pick<PictureContext, 'fromLogits'>,
  index: number,
  output: tf.Tensor | undefined,
): PicturedExample {
  const { data } = experiment;
  const [height = 0, width = 0, channels = 1] = data.inputShape;
  const isPicture = data.kind === 'images' && (channels === 1 || channels === 3);
  return {
    index,
    label: test.y[index * sizeOf(data.targetShape)] ?? 0,
    predicted: data.classes.length < 2 || output === undefined ? null : predictedClass(output, fromLogits),
    ...(isPicture
      ? { image: { width, height, channels, pixels: pixels(test, height * width * channels, index) } }
      : {}),
  };
}

function predictedClass(output: tf.Tensor, fromLogits: boolean): number | null {
  const probabilities = classProbabilities(output, fromLogits);
  const [found] = mostProbable(probabilities).classes;
  probabilities.dispose();
  return found ?? null;
}
