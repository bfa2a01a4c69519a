/**
 * The parts of tfjs-node's backend that have no public type and that compiling needs. Checked against @tensorflow/tfjs
 * 4.22; `nativeBackend` says so when another version does not look like it.
 */
import * as tf from '@tensorflow/tfjs';
import type { TensorMetadata, TypedArray } from '../tfjs';

export interface OpAttribute {
  readonly name: string;
  /** One of binding.TF_ATTR_*. */
  readonly type: number;
  readonly value: unknown;
}

/** The native binding: every tensor has a number that is never used again. */
export interface Binding {
  createTensor(shape: readonly number[], dtype: number, values: TypedArray | readonly Uint8Array[]): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): TypedArray;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  loadSavedModel(directory: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputs: readonly number[], inputNames: string, outputNames: string): TensorMetadata[];
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
}

/** A tensor's entry in the backend. `values` are set until TensorFlow needs them, `id` from then on. */
export interface TensorEntry {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly values: TypedArray | readonly Uint8Array[] | null;
  readonly id: number;
}

export interface NativeBackend {
  binding: Binding;
  readonly tensorMap: { get(dataId: object): TensorEntry | undefined; has(dataId: object): boolean };
  getInputTensorIds: (tensors: readonly object[]) => number[];
  readonly createOutputTensor: (metadata: TensorMetadata) => tf.Tensor;
  /** Runs an operation of TensorFlow by name. */
  executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly tf.Tensor[]): tf.Tensor;
  readSync: (dataId: object) => unknown;
  read: (dataId: object) => Promise<unknown>;
}

/** tfjs-node's backend, or undefined where another engine runs (nothing can be compiled there). */
export function nativeBackend(): NativeBackend | undefined {
  if (tf.getBackend() !== 'tensorflow') return undefined;
  const backend = tf.backend() as unknown as Partial<NativeBackend>;
  const complete =
    typeof backend.binding?.runSavedModel === 'function' &&
    typeof backend.getInputTensorIds === 'function' &&
    typeof backend.createOutputTensor === 'function' &&
    backend.tensorMap !== undefined;
  return complete ? (backend as NativeBackend) : undefined;
}

/** The binding's number of a tensor; uploads its values first where they still lie in JavaScript. */
export function tensorId(backend: NativeBackend, tensor: tf.Tensor): number {
  const [id] = backend.getInputTensorIds([tensor]);
  if (id === undefined) throw new Error('tfjs-node gave no id for a tensor.');
  return id;
}
