import { engineDirectories } from '../../../src/client/paths';
import { defaultCache } from '../../../src/files/cache';
import { loadEngine } from '../../../src/trainer/engine/load';
import path from 'node:path';

/** The real engine; all tests of one process share it. */
export async function useEngine(): Promise<void> {
  await loadEngine(engineDirectories({ root: path.resolve('.'), cache: defaultCache() }));
}
