import fs from 'node:fs';
import path from 'node:path';

/** Where one installation of the lab finds its own files, and where it may keep things. */
export interface LabPaths {
  /** The extension's folder (in development: the clone). Holds dist/ and samples/. */
  readonly root: string;
  /** The user's cache: engines, packed data, downloads. */
  readonly cache: string;
}

/** A clone of the lab has npm scripts; an installed extension has commands. */
export function isClone({ root }: LabPaths): boolean {
  return fs.existsSync(path.join(root, 'scripts', 'run.mjs'));
}

/** Where `npm run engine -- --gpu` puts TensorFlow for an NVIDIA GPU. */
export const gpuDirectory = (paths: LabPaths): string => path.join(paths.cache, 'engine', 'gpu');

/** Engines, best first: one for a GPU, one shipped inside the extension, then one prepared by `npm run engine`. */
export function engineDirectories(paths: LabPaths): string[] {
  return [gpuDirectory(paths), path.join(paths.root, 'engine'), path.join(paths.cache, 'engine', 'current')];
}

/** The WebAssembly engine is part of the installation. */
export function wasmDirectory({ root }: LabPaths): string {
  return path.join(root, 'dist', 'wasm');
}

/** Folders that may hold data sets, first match wins. `own` is the user's setting. */
export function dataDirectories(paths: LabPaths): string[] {
  return [path.join(paths.root, 'data'), path.join(paths.cache, 'data')];
}

/** The language model that set-up brings. */
export function languageModelFile({ cache }: LabPaths): string {
  return path.join(cache, 'models', 'smollm2-135m', 'SmolLM2-135M-Instruct.Q4_1.gguf');
}
