import os from 'node:os';
import path from 'node:path';

/** Where one installation of the lab finds its own files, and where it may keep things. */
export interface LabPaths {
  /** The extension's folder (in development: the clone). Holds dist/ and samples/. */
  readonly root: string;
  /** The user's cache: engines, packed data, downloads. */
  readonly cache: string;
}

/** $DEEP_LEARNING_LAB_CACHE, or the platform's place for caches. */
export function defaultCache(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = env['DEEP_LEARNING_LAB_CACHE'];
  if (own !== undefined && own !== '') return path.resolve(own);
  if (platform === 'win32')
    return path.join(env['LOCALAPPDATA'] ?? path.join(os.homedir(), 'AppData', 'Local'), 'deep-learning-lab');
  if (platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'deep-learning-lab');
  return path.join(env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'deep-learning-lab');
}

/** Engines, best first: one shipped inside the extension, then one prepared by `npm run engine`. */
export function engineDirectories(paths: LabPaths): string[] {
  return [path.join(paths.root, 'engine'), path.join(paths.cache, 'engine', 'current')];
}

/** Folders that may hold data sets, first match wins. `own` is the user's setting. */
export function dataDirectories(paths: LabPaths): string[] {
  return [path.join(paths.root, 'data'), path.join(paths.cache, 'data')];
}
