import os from 'node:os';
import path from 'node:path';

/** $DEEP_LEARNING_LAB_CACHE, or the platform's place for caches. */
export function defaultCache(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const own = env['DEEP_LEARNING_LAB_CACHE'];
  if (own !== undefined && own !== '') return path.resolve(own);
  const home = os.homedir();
  const paths = platform === 'win32' ? path.win32 : path.posix;
  // What is empty or relative names no place: it would be another one for each process (XDG Base Directory Specification).
  const placeIn = (variable: string, usual: string): string => {
    const named = env[variable];
    return path.join(named !== undefined && paths.isAbsolute(named) ? named : usual, 'deep-learning-lab');
  };
  if (platform === 'win32') return placeIn('LOCALAPPDATA', path.join(home, 'AppData', 'Local'));
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'deep-learning-lab');
  return placeIn('XDG_CACHE_HOME', path.join(home, '.cache'));
}
