/**
 * The gradient of a convolution with gaps between the weights; tfjs has that of one without. Steps are 1 where gaps are
 * not. (TensorFlow has no depthwise convolution with gaps on a processor, so none is differentiated.)
 */
import * as tf from '@tensorflow/tfjs';
import { named } from './common';

interface Convolution {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dilations: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Sizes of a convolution whose steps are 1. */
interface Sizes {
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly dilations: [number, number];
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
}

/** Both gradients are convolutions: dy with the weights turned round, x with dy in steps as wide as the gaps. */
function conv2d(): tf.GradConfig {
  const original = tf.getGradient(tf.Conv2D);
  return {
    ...original,
    gradFunc: (dy, saved, attributes) => {
      const convolution = attributes as unknown as Convolution;
      if (!isDilated(convolution)) return original.gradFunc(dy, saved, attributes);
      const { x, filter } = named(saved, 'x', 'filter');
      const sizes = sizesOf(x, filter, convolution);
      return {
        x: () => conv2dInput(dy as tf.Tensor4D, filter as tf.Tensor4D, sizes),
        filter: () => conv2dFilter(dy as tf.Tensor4D, x as tf.Tensor4D, sizes),
      };
    },
  };
}

function conv2dInput(dy: tf.Tensor4D, filter: tf.Tensor4D, sizes: Sizes): tf.Tensor {
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  const { dilations, before, after, filterHeight, filterWidth } = sizes;
  const reach = [(filterHeight - 1) * dilations[0], (filterWidth - 1) * dilations[1]] as const;
  const padded = padOrCrop(
    dy,
    [reach[0] - before[0], reach[1] - before[1]],
    [reach[0] - after[0], reach[1] - after[1]],
  );
  return tf.conv2d(padded, turned, 1, 'valid', 'NHWC', dilations);
}

function conv2dFilter(dy: tf.Tensor4D, x: tf.Tensor4D, { before, after, dilations }: Sizes): tf.Tensor {
  const padded = padOrCrop(x, before, after);
  const channelsAsBatch = tf.transpose(padded, [3, 1, 2, 0]);
  const weights = tf.transpose(dy, [1, 2, 0, 3]);
  return tf.transpose(tf.conv2d(channelsAsBatch, weights, dilations, 'valid'), [1, 2, 0, 3]);
}

function isDilated({ dilations }: Convolution): boolean {
  return Array.isArray(dilations) ? dilations.some((gap) => gap > 1) : dilations > 1;
}

function sizesOf(x: tf.Tensor, filter: tf.Tensor, convolution: Convolution): Sizes {
  const { strides, dilations, pad, dimRoundingMode, dataFormat } = convolution;
  if (dataFormat === 'NCHW') throw new Error("No gradient of a dilated convolution with dataFormat 'NCHW'.");
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const { top, left, bottom, right } = info.padInfo;
  return {
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    dilations: [info.dilationHeight, info.dilationWidth],
    before: [top, left],
    after: [bottom, right],
  };
}

/** Zeros around a picture [batch, height, width, channels]; negative sizes take something away. */
function padOrCrop(
  picture: tf.Tensor4D,
  [top, left]: readonly [number, number],
  [bottom, right]: readonly [number, number],
): tf.Tensor4D {
  const add = (size: number): number => Math.max(0, size);
  const [batch, height, width, channels] = picture.shape;
  const cropped =
    Math.min(top, left, bottom, right) >= 0
      ? picture
      : tf.slice(
          picture,
          [0, add(-top), add(-left), 0],
          [batch, height - add(-top) - add(-bottom), width - add(-left) - add(-right), channels],
        );
  const around: [number, number][] = [
    [0, 0],
    [add(top), add(bottom)],
    [add(left), add(right)],
    [0, 0],
  ];
  return tf.pad(cropped, around);
}

export const dilatedGradients = (): readonly tf.GradConfig[] => [conv2d()];
