/**
 * What the core needs of whatever executes tensors, beyond tfjs's own API. One engine serves a process: it is loaded once,
 * before anything else of the core is called.
 */
import type * as tf from '@tensorflow/tfjs';

export interface Engine {
  readonly kind: 'native' | 'wasm';
  /** The version of what computes, e.g. TensorFlow's "2.21.0". */
  readonly version: string;
  /**
   * Values where the engine computes, in one piece; bytes stay bytes. Only `rowsOf` may look at the result, which the
   * caller disposes.
   * @param shape [rows, …]
   */
  hold(values: Uint8Array | Float32Array | Int32Array, shape: readonly number[]): tf.Tensor;
  /**
   * Some rows of held values, as float32 (bytes scaled to 0..1) or int32: [rows.length, …]. Part of the compiled step. The
   * result belongs to the surrounding scope.
   * @param rows int32 [n]
   */
  rowsOf(held: tf.Tensor, rows: tf.Tensor): tf.Tensor;
}

/** Folders for files that an engine can only be given by name. */
export interface Scratch {
  /** Runs work on a folder that holds just this file, and removes the folder. */
  withFile<T>(name: string, bytes: Uint8Array, work: (folder: string) => T): T;
}

let loaded: Engine | undefined;

export function provideEngine(engine: Engine): void {
  loaded = engine;
}

export function currentEngine(): Engine {
  if (loaded === undefined) throw new Error('No engine was loaded.');
  return loaded;
}
