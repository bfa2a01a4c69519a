/** The gradients of a depthwise convolution, in which each channel has weights of its own, several or one. */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend } from '../internals';
import { floats, type Info } from './call';
import { convolution, type ConvolutionAttributes, type Sizes } from './convolution';

interface FilterAttributes extends ConvolutionAttributes {
  /** [height, width, channels, outputs a channel] */
  readonly filterShape: [number, number, number, number];
}

interface InputAttributes extends ConvolutionAttributes {
  /** [batch, height, width, channels] */
  readonly inputShape: [number, number, number, number];
}

export const depthwiseFilter: tf.KernelConfig = {
  kernelName: tf.DepthwiseConv2dNativeBackpropFilter,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend: given }) => {
    const backend = wasmBackend(given);
    const { x, dy } = inputs as { x: Info; dy: Info };
    const { filterShape, ...attributes } = attrs as unknown as FilterAttributes;
    const sizes = convolution('DepthwiseConv2dNativeBackpropFilter', x.shape, filterShape, attributes, true);
    const made = floats(backend, filterShape, true);
    const from = backend.typedArrayFromHeap(x);
    const slopes = backend.typedArrayFromHeap(dy);
    const to = backend.typedArrayFromHeap(made);
    const { inChannels, outChannels } = sizes;
    const each = outChannels / inChannels;
    // Sums of many numbers are kept in float64 until their end.
    const sums = new Float64Array(to.length);
    eachWindow(sizes, (input, output, weight) => {
      for (let channel = 0; channel < inChannels; channel++) {
        const value = from[input++] ?? 0;
        for (let last = weight + each; weight < last; weight++)
          sums[weight] = (sums[weight] ?? 0) + value * (slopes[output++] ?? 0);
      }
    });
    to.set(sums);
    return made;
  },
};

export const depthwiseInput: tf.KernelConfig = {
  kernelName: tf.DepthwiseConv2dNativeBackpropInput,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend: given }) => {
    const backend = wasmBackend(given);
    const { dy, filter } = inputs as { dy: Info; filter: Info };
    const { inputShape, ...attributes } = attrs as unknown as InputAttributes;
    const sizes = convolution('DepthwiseConv2dNativeBackpropInput', inputShape, filter.shape, attributes, true);
    const made = floats(backend, inputShape, true);
    const from = backend.typedArrayFromHeap(dy);
    const weights = backend.typedArrayFromHeap(filter);
    const to = backend.typedArrayFromHeap(made);
    const { inChannels, outChannels } = sizes;
    const each = outChannels / inChannels;
    eachWindow(sizes, (input, output, weight) => {
      for (let channel = 0; channel < inChannels; channel++, input++) {
        let sum = to[input] ?? 0;
        for (let last = weight + each; weight < last; weight++) sum += (weights[weight] ?? 0) * (from[output++] ?? 0);
        to[input] = sum;
      }
    });
    return made;
  },
};

/** For each place of the output and each place of its window that lies in the picture: where the three channels begin. */
function eachWindow(sizes: Sizes, work: (input: number, output: number, weight: number) => void): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = sizes;
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, padInfo } = sizes;
  for (let n = 0; n < batchSize; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ky = 0; ky < filterHeight; ky++) {
        const y = oy * strideHeight - padInfo.top + ky * dilationHeight;
        if (y < 0 || y >= inHeight) continue;
        for (let ox = 0; ox < outWidth; ox++) {
          const output = ((n * outHeight + oy) * outWidth + ox) * outChannels;
          for (let kx = 0; kx < filterWidth; kx++) {
            const x = ox * strideWidth - padInfo.left + kx * dilationWidth;
            if (x < 0 || x >= inWidth) continue;
            work(((n * inHeight + y) * inWidth + x) * inChannels, output, (ky * filterWidth + kx) * outChannels);
          }
        }
      }
    }
  }
}
