/** What the gradients of convolutions share: the sizes, and whatever stands between the places of an output. */
import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../internals';
import { floats, type Info } from './call';
import { explicit } from './padding';

export interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  /** Depthwise only; the gradients of others are of steps of 1, see learning/gradients/dilated.ts. */
  readonly dilations?: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export type Sizes = tf.backend_util.Conv2DInfo;

/**
 * @param x [batch, height, width, channels]
 * @throws Error for channels first, which TensorFlow refuses on a processor as well
 */
export function convolution(
  kernel: string,
  x: readonly number[],
  filter: readonly number[],
  { strides, dilations, pad, dataFormat, dimRoundingMode }: ConvolutionAttributes,
  isDepthwise = false,
): Sizes {
  if (dataFormat === 'NCHW') throw new Error(`${kernel} takes dataFormat 'NHWC' only.`);
  return tf.backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    dilations ?? 1,
    explicit(pad),
    dimRoundingMode,
    isDepthwise,
  );
}

/** [batch, height, width, channels] with zeros between its places, so that they lie as far apart as steps of these sizes. */
export function spread(backend: WasmBackend, x: Info, rows: number, columns: number): Info {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [tall, wide] = [(height - 1) * rows + 1, (width - 1) * columns + 1];
  const made = floats(backend, [batch, tall, wide, channels], true);
  const from = backend.typedArrayFromHeap(x);
  const to = backend.typedArrayFromHeap(made);
  let source = 0;
  for (let n = 0; n < batch; n++)
    for (let y = 0; y < height; y++)
      for (let place = 0; place < width; place++) {
        let target = ((n * tall + y * rows) * wide + place * columns) * channels;
        for (let channel = 0; channel < channels; channel++) to[target++] = from[source++] ?? 0;
      }
  return made;
}
