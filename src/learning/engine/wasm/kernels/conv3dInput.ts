/** Conv3DBackpropInputV2. tfjs's neither clears the memory that it adds to nor reaches every place of the input. */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend } from '../internals';
import { floats, type Info } from './call';

type Five = [number, number, number, number, number];

interface Attributes {
  /** [batch, depth, height, width, channels] */
  readonly inputShape: Five;
  readonly strides: [number, number, number] | number;
  readonly pad: 'valid' | 'same';
}

export const conv3dInput: tf.KernelConfig = {
  kernelName: tf.Conv3DBackpropInputV2,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend: given }) => {
    const backend = wasmBackend(given);
    const { dy, filter } = inputs as { dy: Info; filter: Info };
    const { inputShape, strides, pad } = attrs as unknown as Attributes;
    const info = tf.backend_util.computeConv3DInfo(inputShape, filter.shape as Five, strides, 1, pad);
    const { batchSize, inDepth, inHeight, inWidth, inChannels, outDepth, outHeight, outWidth, outChannels } = info;
    const { front, top, left } = info.padInfo;
    const made = floats(backend, inputShape, true);
    const slopes = backend.typedArrayFromHeap(dy);
    const weights = backend.typedArrayFromHeap(filter);
    const to = backend.typedArrayFromHeap(made);
    /** Places of the input that an output reaches along one axis, with the weight's place: [weight, input] each. */
    const reached = (out: number, stride: number, before: number, window: number, inside: number): number[][] =>
      Array.from({ length: window }, (_, weight) => [weight, out * stride - before + weight]).filter(
        ([, place = -1]) => place >= 0 && place < inside,
      );
    const place = (z: number, y: number, x: number, height: number, width: number): number =>
      (z * height + y) * width + x;
    for (let n = 0; n < batchSize; n++)
      for (let oz = 0; oz < outDepth; oz++)
        for (let oy = 0; oy < outHeight; oy++)
          for (let ox = 0; ox < outWidth; ox++) {
            const output = place(n * outDepth + oz, oy, ox, outHeight, outWidth) * outChannels;
            for (const [kz = 0, z = 0] of reached(oz, info.strideDepth, front, info.filterDepth, inDepth))
              for (const [ky = 0, y = 0] of reached(oy, info.strideHeight, top, info.filterHeight, inHeight))
                for (const [kx = 0, x = 0] of reached(ox, info.strideWidth, left, info.filterWidth, inWidth)) {
                  let target = place(n * inDepth + z, y, x, inHeight, inWidth) * inChannels;
                  let weight = place(kz, ky, kx, info.filterHeight, info.filterWidth) * inChannels * outChannels;
                  for (let channel = 0; channel < inChannels; channel++, target++) {
                    let sum = to[target] ?? 0;
                    for (let slope = output; slope < output + outChannels; slope++)
                      sum += (weights[weight++] ?? 0) * (slopes[slope] ?? 0);
                    to[target] = sum;
                  }
                }
          }
    return made;
  },
};
