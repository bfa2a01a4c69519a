/** The WebAssembly engine for a process whose only engine it is: every file of this folder runs in such a one. */
import path from 'node:path';
import { currentEngine, type Engine } from '../../src/learning/engine/port';
import { loadWasm } from '../../src/learning/engine/wasm/load';

export const WASM_FOLDER = path.resolve('dist/wasm');

let loading: Promise<Engine> | undefined;

export async function useWasm(): Promise<Engine> {
  await (loading ??= loadWasm({ folder: WASM_FOLDER }));
  return currentEngine();
}
