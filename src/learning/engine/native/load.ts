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

/**
 * Loads the engine and proves it with a real operation: importing alone proves nothing.
 * @throws LearningError ENGINE_WRONG; what the dynamic loader throws
 */
export async function loadNative({ binding, scratch }: NativeFiles): Promise<Engine> {
  setBindingPath(binding);
  const node = await import('@tensorflow/tfjs-node');
  await node.ready();
  probe('tensorflow');
  useScratch(scratch);
  const { TF_Version: version } = (tf.backend() as unknown as { readonly binding: { readonly TF_Version: string } })
    .binding;
  const engine: Engine = { kind: 'native', version, hold, rowsOf };
  provideEngine(engine);
  return engine;
}
