/** Random numbers on WebAssembly: those that TensorFlow draws, written over tfjs's own where they lie. */
import type { WasmBackend } from '../../engine/wasm/internals';
import { sizeOf } from '../../engine/tfjs';
import { stateless } from '../philox';
import type { DrawSource } from '../randomness';

export const wasmDraws = (backend: WasmBackend): DrawSource => ({
  valuesOf: (tensor) => (tensor.dtype === 'string' ? undefined : backend.typedArrayFromHeap(tensor)),
  standard: ({ kind, shape }, seeds) => stateless(kind, sizeOf(shape), seeds),
});
