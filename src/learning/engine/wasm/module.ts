/**
 * Brings up the WebAssembly module of tfjs-backend-wasm. The package's own way never starts threads in Node (its worker is
 * a URL that Node's workers do not take); here the files of the folder are named, for the module and for its workers.
 */
import type { Bridge, ModuleSettings, WasmModule } from './internals';

/** What the folder holds, as scripts/wasm.mjs writes it. */
export const WASM_FILES = {
  plain: 'tfjs-backend-wasm.wasm',
  simd: 'tfjs-backend-wasm-simd.wasm',
  threaded: 'tfjs-backend-wasm-threaded-simd.wasm',
  /** What each worker runs first, and the script that it loads then. */
  worker: 'tfjs-backend-wasm-threaded-simd.worker.js',
  script: 'tfjs-backend-wasm-threaded-simd.js',
} as const;

/** Node's events at which the module would end the process: what nobody caught is the trainer's to deal with. */
const FATAL = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * @param folder Absolute path of the folder that holds `WASM_FILES`.
 * @throws Error where a file is missing or damaged
 */
export async function startModule(folder: string, isThreaded: boolean): Promise<WasmModule> {
  const at = (name: string): string => `${folder}/${name}`;
  const binary = isThreaded ? WASM_FILES.threaded : hasSimd() ? WASM_FILES.simd : WASM_FILES.plain;
  const settings: ModuleSettings = {
    locateFile: (name) => at(name.endsWith('.wasm') ? binary : name),
    ...(isThreaded ? { mainScriptUrlOrBlob: at(WASM_FILES.script) } : {}),
  };
  const start = await factory(isThreaded);
  const before = FATAL.map((event) => new Set(process.rawListeners(event)));
  try {
    const module = await start(settings);
    settle(module);
    bridge(module);
    return module;
  } finally {
    FATAL.forEach((event, i) => {
      for (const listener of process.rawListeners(event))
        if (before[i]?.has(listener) === false) process.removeListener(event, listener as () => void);
    });
  }
}

async function factory(isThreaded: boolean): Promise<(settings: ModuleSettings) => Promise<WasmModule>> {
  const found = isThreaded
    ? await import('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd')
    : await import('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm');
  return found.default as unknown as (settings: ModuleSettings) => Promise<WasmModule>;
}

/**
 * Emscripten's functions look for themselves when they are first called, and then put another into their place; who holds
 * the first one goes that way with every call. Here all of them are what they will be.
 */
function settle(module: WasmModule): void {
  const functions = module as unknown as Record<string, unknown>;
  for (const name of Object.keys(functions)) {
    const found = module.asm[name] ?? module.asm[name.replace('_', '')];
    if (typeof functions[name] === 'function' && typeof found === 'function') functions[name] = found;
  }
}

/** Gives the module the functions that tfjs calls beside its kernels. */
function bridge(module: WasmModule): void {
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  } as Bridge;
}

/** Node has it since 16; this asks about the processor, too: a module of one function with one SIMD instruction. */
function hasSimd(): boolean {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } };
  const header = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3];
  return WebAssembly.validate(Uint8Array.of(...header, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11));
}
