import * as tf from '@tensorflow/tfjs';
import { nativeBackend } from '../engine/native/internals';
import { wasmBackend } from '../engine/wasm/internals';
import { graphTarget } from './graph/target';
import { replayTarget } from './replay/target';
import type { Target } from './target';

/** What steps can be compiled to on tfjs's present backend; undefined where they cannot. */
export function currentTarget(): Target | undefined {
  const native = nativeBackend();
  if (native !== undefined) return graphTarget(native);
  return tf.getBackend() === 'wasm' ? replayTarget(wasmBackend(tf.backend())) : undefined;
}
