/** The WebAssembly engine: tfjs-backend-wasm with the kernels that it lacks. The only place that imports it. */
import * as tf from '@tensorflow/tfjs';
import { provideEngine, type Engine } from '../port';
import { probe } from '../probe';
import { registerKernels } from './kernels';
import { startModule } from './module';
import { hold, rowsOf } from './rows';

export interface WasmFiles {
  /** Absolute path of dist/wasm: the package's WebAssembly files, see `WASM_FILES`. */
  readonly folder: string;
}

/**
 * Loads the engine from the folder, without network, and proves it with a real operation.
 * @throws LearningError ENGINE_WRONG; Error where a file is missing or damaged
 */
export async function loadWasm({ folder }: WasmFiles): Promise<Engine> {
  const { BackendWasm, setThreadsCount, version_wasm: version } = await import('@tensorflow/tfjs-backend-wasm');
  const isThreaded = false;
  const module = await startModule(folder, isThreaded);
  setThreadsCount(1);
  // In place of the package's own, which looks for its files beside the script.
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => new BackendWasm(module as never));
  registerKernels();
  await tf.setBackend('wasm');
  probe('wasm');
  const engine: Engine = { kind: 'wasm', version, hold, rowsOf };
  provideEngine(engine);
  return engine;
}
