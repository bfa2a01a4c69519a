/**
 * The gradients of pooling. tfjs has both, but the one of the largest number as slow loops (25 times as slow as this), and the
 * one of the mean divides by the whole window even where the window hangs over the edge, unlike the forward pass and TensorFlow.
 */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend } from '../internals';
import { floats, type Info } from './call';
import { explicit } from './padding';

interface Attributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Sizes = tf.backend_util.Conv2DInfo;

/** The slope goes to the first of the largest numbers of a window. */
export const maxPoolGradient: tf.KernelConfig = {
  kernelName: tf.MaxPoolGrad,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend: given }) => {
    const backend = wasmBackend(given);
    const { dy, input } = inputs as { dy: Info; input: Info };
    const sizes = sizesOf(input, attrs as unknown as Attributes);
    const made = floats(backend, input.shape, true);
    const slopes = backend.typedArrayFromHeap(dy);
    const values = backend.typedArrayFromHeap(input);
    const to = backend.typedArrayFromHeap(made);
    const { inChannels: channels, inWidth } = sizes;
    const line = inWidth * channels;
    eachWindow(sizes, (place, top, bottom, left, right, output) => {
      for (let channel = 0; channel < channels; channel++) {
        let most = -Infinity;
        let at = -1;
        for (let y = top; y < bottom; y++) {
          const end = place + y * line + right * channels;
          for (let i = place + y * line + left * channels + channel; i < end; i += channels) {
            const value = values[i] ?? 0;
            if (value > most) {
              most = value;
              at = i;
            }
          }
        }
        if (at >= 0) to[at] = (to[at] ?? 0) + (slopes[output + channel] ?? 0);
      }
    });
    return made;
  },
};

/** The slope is shared out among the numbers of which the mean was taken. */
export const avgPoolGradient: tf.KernelConfig = {
  kernelName: tf.AvgPoolGrad,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend: given }) => {
    const backend = wasmBackend(given);
    const { dy, input } = inputs as { dy: Info; input: Info };
    const sizes = sizesOf(input, attrs as unknown as Attributes);
    const made = floats(backend, input.shape, true);
    const slopes = backend.typedArrayFromHeap(dy);
    const to = backend.typedArrayFromHeap(made);
    const { inChannels: channels, inWidth } = sizes;
    eachWindow(sizes, (place, top, bottom, left, right, output) => {
      const share = 1 / ((bottom - top) * (right - left));
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) {
          let i = place + (y * inWidth + x) * channels;
          for (let slope = output; slope < output + channels; slope++, i++)
            to[i] = (to[i] ?? 0) + (slopes[slope] ?? 0) * share;
        }
    });
    return made;
  },
};

function sizesOf(input: Info, { filterSize, strides, pad, dimRoundingMode }: Attributes): Sizes {
  const shape = input.shape as [number, number, number, number];
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, explicit(pad), dimRoundingMode);
}

/** For each place of the output: where its example begins, the part of its window that lies inside, where its channels begin. */
function eachWindow(
  { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, ...sizes }: Sizes,
  work: (place: number, top: number, bottom: number, left: number, right: number, output: number) => void,
): void {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = sizes;
  let output = 0;
  for (let n = 0; n < batchSize; n++) {
    const place = n * inHeight * inWidth * inChannels;
    for (let oy = 0; oy < outHeight; oy++) {
      const y = oy * strideHeight - padInfo.top;
      const [top, bottom] = [Math.max(0, y), Math.min(inHeight, y + filterHeight)];
      for (let ox = 0; ox < outWidth; ox++, output += inChannels) {
        const x = ox * strideWidth - padInfo.left;
        work(place, top, bottom, Math.max(0, x), Math.min(inWidth, x + filterWidth), output);
      }
    }
  }
}
