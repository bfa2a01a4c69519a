/** The parts of tfjs-backend-wasm 4.22 that kernels and loading need; what has a public type is named here alike. */
import * as tf from '@tensorflow/tfjs';

export type TypedArray = Float32Array | Int32Array | Uint8Array;

type CType = 'number' | 'array' | null;

/** Emscripten's module. */
export interface WasmModule {
  cwrap(name: string, result: CType, parameters: readonly CType[]): (...values: never[]) => unknown;
  /** What the WebAssembly itself exports. */
  readonly asm: Readonly<Record<string, unknown>>;
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  /** C++'s names are a kernel's, with an underscore. */
  _BatchMatMul(...values: (number | boolean)[]): void;
  /** What tfjs-backend-wasm calls beside its kernels; it sets this itself where it loads the module. */
  tfjs?: Bridge;
}

export interface Bridge {
  init(): void;
  initWithThreadsCount(count: number): void;
  getThreadsCount(): number;
  /** Tells C++ of a tensor: its number, how many values, where. */
  registerTensor(id: number, size: number, memoryOffset: number): void;
  /** Forgets it, and what was prepared for it: XNNPACK's packed weights. Its memory stays. */
  disposeData(id: number): void;
  dispose(): void;
}

export interface ModuleSettings {
  locateFile(name: string): string;
  /** The script that a worker loads. */
  mainScriptUrlOrBlob?: string;
}

/** Where a tensor lies, and its number in C++. */
export interface TensorEntry {
  readonly id: number;
  readonly memoryOffset: number;
}

export interface WasmBackend extends tf.KernelBackend {
  readonly wasm: WasmModule;
  readonly dataIdMap: { get(dataId: object): TensorEntry };
  dataIdNextNumber: number;
  /** Room for a tensor, with these values or whatever was there before. */
  makeOutput(shape: readonly number[], dtype: tf.DataType, memoryOffset?: number, values?: TypedArray): tf.TensorInfo;
  /** The tensor's values where they lie. Allocating may grow the memory: a view from before is worthless then. */
  typedArrayFromHeap(tensor: tf.TensorInfo): TypedArray;
  disposeData(dataId: object): boolean;
  incRef(dataId: object): void;
}

/** The backend, which tfjs hands to a kernel as something less. */
export const wasmBackend = (backend: unknown): WasmBackend => backend as WasmBackend;
