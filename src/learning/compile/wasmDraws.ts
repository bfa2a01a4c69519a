/** Random numbers on WebAssembly: those that TensorFlow draws, written over tfjs's own where they lie. */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend } from '../engine/wasm/internals';
import { sizeOf } from '../engine/native/internals';
import { stateless } from './philox';
import type { DrawSource } from './randomness';

export function wasmDraws(): DrawSource {
  return {
    valuesOf: (tensor) => {
      // Another backend that somebody has set keeps what tfjs drew.
      if (tf.getBackend() !== 'wasm' || tensor.dtype === 'string') return undefined;
      return wasmBackend(tf.backend()).typedArrayFromHeap(tensor);
    },
    standard: ({ kind, shape }, seeds) => stateless(kind, sizeOf(shape), seeds),
  };
}
