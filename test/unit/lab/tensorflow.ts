import { engineOptions } from '../../../src/client/processes/engine';
import { defaultCache } from '../../../src/files/cache';
import { chooseEngine } from '../../../src/trainer/engine/choose';
import path from 'node:path';

/** The real engine; all tests of one process share it. */
export async function useEngine(): Promise<void> {
  const paths = { root: path.resolve('.'), cache: defaultCache() };
  await chooseEngine(engineOptions({ engine: 'native', paths }));
}
