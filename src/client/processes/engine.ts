/** Which engine a trainer is asked to load, and whether one that lives has been asked for the same. */
import fs from 'node:fs';
import path from 'node:path';
import { replaceFileSync } from '../../files/replace';
import type { LabError, LabErrorData } from '../../protocol/errors';
import { PREPARE_IN_CLONE, type EngineOptions, type EngineWish } from '../../protocol/launch';
import { engineDirectories, wasmDirectory, type LabPaths } from '../paths';
import type { TrainerOptions } from './options';

type Wished = Pick<TrainerOptions, 'engine' | 'threads' | 'paths'>;

export function engineOptions(options: Wished & Pick<TrainerOptions, 'prepareEngine'>): EngineOptions {
  const { paths, prepareEngine = PREPARE_IN_CLONE } = options;
  const engine = engineWish(options);
  const unfit = unfitness(engine, paths);
  return {
    engine,
    engineDirectories: engineDirectories(paths),
    cacheDirectory: paths.cache,
    wasmDirectory: wasmDirectory(paths),
    prepareEngine,
    ...(unfit === undefined ? {} : { unfit }),
  };
}

export function engineWish({ engine = 'auto', threads, paths }: Wished): EngineWish {
  const prepared = engine === 'wasm' ? undefined : preparedStamp(paths);
  return {
    choice: engine,
    ...(prepared === undefined ? {} : { prepared }),
    ...(threads === undefined ? {} : { threads }),
  };
}

export const isSameWish = (one: EngineWish, other: EngineWish): boolean =>
  one.choice === other.choice && one.prepared === other.prepared && one.threads === other.threads;

/** Names the native engine that would be loaded, and its making: preparing one anew gives another stamp. */
function preparedStamp(paths: LabPaths): string | undefined {
  for (const folder of engineDirectories(paths)) {
    const stat = fs.statSync(path.join(folder, 'engine.json'), { throwIfNoEntry: false });
    if (stat !== undefined) return `${fs.realpathSync(folder)} ${String(stat.mtimeMs)}`;
  }
  return undefined;
}

/** What is known of an engine that ended the process that loaded it: it is not tried again before it is made anew. */
interface Unfit {
  readonly prepared: string;
  readonly error: LabErrorData;
}

const unfitFile = ({ cache }: LabPaths): string => path.join(cache, 'engine', 'unfit.json');

function unfitness({ choice, prepared }: EngineWish, paths: LabPaths): LabErrorData | undefined {
  if (choice !== 'auto' || prepared === undefined) return undefined;
  try {
    const known = JSON.parse(fs.readFileSync(unfitFile(paths), 'utf8')) as Unfit;
    return known.prepared === prepared ? known.error : undefined;
  } catch {
    return undefined; // none has done so, or what was written is torn: trying tells
  }
}

/** Notes an engine that ended the process that loaded it; false: the user has asked for that one, or it was not the engine. */
export function doneWithout(error: LabError, options: Wished): boolean {
  const wish = engineWish(options);
  const { choice, prepared } = wish;
  if (error.code !== 'ENGINE_LOAD_FAILED' || choice !== 'auto' || prepared === undefined) return false;
  if (unfitness(wish, options.paths) !== undefined) return false;
  replaceFileSync(unfitFile(options.paths), JSON.stringify({ prepared, error: error.data } satisfies Unfit));
  return true;
}
