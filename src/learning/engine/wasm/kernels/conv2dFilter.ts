/** Conv2DBackpropFilter: what each weight of a convolution did to the loss. */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend } from '../internals';
import { call, scrapped, transpose, type Info } from './call';
import { convolution, type ConvolutionAttributes } from './convolution';

interface Attributes extends ConvolutionAttributes {
  /** [height, width, inputs, outputs] */
  readonly filterShape: [number, number, number, number];
}

/**
 * A convolution itself: x, its channels as examples and its examples as channels, with dy as the weights, which are as far
 * apart as the steps of the convolution before.
 */
export const conv2dFilter: tf.KernelConfig = {
  kernelName: tf.Conv2DBackpropFilter,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend: given }) => {
    const backend = wasmBackend(given);
    const { x, dy } = inputs as { x: Info; dy: Info };
    const { filterShape, ...attributes } = attrs as unknown as Attributes;
    const info = convolution('Conv2DBackpropFilter', x.shape, filterShape, attributes);
    const { padInfo, strideHeight, strideWidth, filterHeight, filterWidth } = info;
    const { top, left } = padInfo;
    return scrapped(backend, (scrap) => {
      const examples = scrap.add(transpose(backend, x, [3, 1, 2, 0]));
      const weights = scrap.add(transpose(backend, dy, [1, 2, 0, 3]));
      // Rows and columns that no window has reached are left out at the end; what is still too much is cut off.
      const bottom = Math.max(0, filterHeight + strideHeight * (info.outHeight - 1) - info.inHeight - top);
      const right = Math.max(0, filterWidth + strideWidth * (info.outWidth - 1) - info.inWidth - left);
      const attributes = {
        strides: 1,
        dilations: [strideHeight, strideWidth],
        pad: [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ],
        dataFormat: 'NHWC',
      };
      const found = scrap.add(call(backend, tf.Conv2D, { x: examples, filter: weights }, attributes));
      const size = [info.inChannels, filterHeight, filterWidth, info.outChannels];
      const exact = size.every((side, axis) => side === found.shape[axis]);
      const cut = exact ? found : scrap.add(call(backend, tf.Slice, { x: found }, { begin: [0, 0, 0, 0], size }));
      return scrap.add(transpose(backend, cut, [1, 2, 0, 3]));
    });
  },
};
