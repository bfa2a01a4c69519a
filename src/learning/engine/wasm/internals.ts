/** The parts of tfjs-backend-wasm 4.22 that kernels and loading need; what has a public type is named here alike. */
import * as tf from '@tensorflow/tfjs';

export type TypedArray = Float32Array | Int32Array | Uint8Array;

type CType = 'number' | 'array' | null;

/** Emscripten's module. */
export interface WasmModule {
  cwrap(name: string, result: CType, parameters: readonly CType[]): (...values: never[]) => unknown;
  /** What tfjs-backend-wasm calls beside its kernels; it sets this itself where it loads the module. */
  tfjs?: object;
}

export interface ModuleSettings {
  locateFile(name: string): string;
  /** The script that a worker loads. */
  mainScriptUrlOrBlob?: string;
}

export interface WasmBackend extends tf.KernelBackend {
  /** Room for a tensor, with these values or whatever was there before. */
  makeOutput(shape: readonly number[], dtype: tf.DataType, memoryOffset?: number, values?: TypedArray): tf.TensorInfo;
  /** The tensor's values where they lie. Allocating may grow the memory: a view from before is worthless then. */
  typedArrayFromHeap(tensor: tf.TensorInfo): TypedArray;
}

/** The backend, which tfjs hands to a kernel as something less. */
export const wasmBackend = (backend: unknown): WasmBackend => backend as WasmBackend;
