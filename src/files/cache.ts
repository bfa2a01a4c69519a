import os from 'node:os';
import path from 'node:path';

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
