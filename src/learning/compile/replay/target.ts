/** Steps as calls of WebAssembly's kernels, one after the other, without tfjs between them. */
import type { WasmBackend } from '../../engine/wasm/internals';
import type { Target } from '../target';
import { wasmDraws } from './draws';
import { plan } from './plan';
import { ReplayProgram } from './program';
import { ReplayRecorder } from './recorder';

export const replayTarget = (backend: WasmBackend): Target => ({
  draws: wasmDraws(backend),
  recorder: (variables, options) => new ReplayRecorder(backend, variables, options),
  build: (trace, options) => new ReplayProgram(backend, plan(backend, trace, options), options.seed),
});
