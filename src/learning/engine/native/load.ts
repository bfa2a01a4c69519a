/** The native engine: tfjs-node on TensorFlow. The only place that imports tfjs-node. */
import * as tf from '@tensorflow/tfjs';
import { provideEngine, type Engine, type Scratch } from '../port';
import { probe } from '../probe';
import { setBindingPath } from './bindingPath';
import { hold, rowsOf } from './rows';
import { useScratch } from './session';

export interface NativeFiles {
  /** Where tfjs-node's binding really lies, beside TensorFlow's libraries. */
  readonly binding: string;
  readonly scratch: Scratch;
}

export interface NativeEngine extends Engine {
  /** TensorFlow has a GPU among its devices: what has a kernel there is computed there. */
  readonly usesGpu: boolean;
}

interface LoadedBinding {
  readonly TF_Version: string;
  isUsingGpuDevice(): boolean;
}

/**
 * Loads the engine and proves it with a real operation: importing alone proves nothing.
 * @throws LearningError ENGINE_WRONG; what the dynamic loader throws
 */
export async function loadNative({ binding, scratch }: NativeFiles): Promise<NativeEngine> {
  setBindingPath(binding);
  const node = await import('@tensorflow/tfjs-node');
  await node.ready();
  probe('tensorflow');
  useScratch(scratch);
  const { binding: loaded } = tf.backend() as unknown as { readonly binding: LoadedBinding };
  const usesGpu = loaded.isUsingGpuDevice();
  const engine: NativeEngine = { kind: 'native', version: loaded.TF_Version, usesGpu, hold, rowsOf };
  provideEngine(engine);
  return engine;
}
