/** Identity: another name for the same values. tfjs-backend-wasm copies them; its other backends do not. */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend } from '../internals';
import { reshaped, type Info } from './call';

export function identity(plain: tf.KernelFunc): tf.KernelConfig {
  return {
    kernelName: tf.Identity,
    backendName: 'wasm',
    kernelFunc: (given) => {
      const { x } = given.inputs as { x: Info };
      return x.dtype === 'string' ? plain(given) : reshaped(wasmBackend(given.backend), x, x.shape);
    },
  };
}
