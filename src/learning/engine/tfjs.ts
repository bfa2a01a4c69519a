/** The parts of tfjs-core that have no public type and that compiling needs, and what every engine has in common. */
import * as tf from '@tensorflow/tfjs';

/** TensorFlow's DataType numbers, as in types.proto. */
export const DataType = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  resource: 20,
} as const;

export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** What the binding says of a tensor it made. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: number;
}

export interface Engine {
  readonly registeredVariables: Readonly<Record<string, tf.Variable>>;
  readonly state: { readonly activeScope: { readonly name: string } | null };
  runKernel: (name: string, inputs: object, attributes?: object) => unknown;
  endScope: (result?: unknown) => void;
  /** A tensor's data is no more. */
  removeDataId(dataId: object, backend: object): void;
}

export function engine(): Engine {
  return tf.engine() as unknown as Engine;
}

/** Identifies a variable's present value: another object after each `assign`. */
export const dataIdOf = (tensor: tf.Tensor): object => tensor.dataId;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
