/** Which engine a trainer is asked to load, and whether one that lives has been asked for the same. */
import fs from 'node:fs';
import path from 'node:path';
import { replaceFileSync } from '../../files/replace';
import type { LabError, LabErrorData } from '../../protocol/errors';
import { PREPARE_IN_CLONE, type EngineOptions, type EngineWish } from '../../protocol/launch';
import { engineDirectories, gpuDirectory, wasmDirectory, type LabPaths } from '../paths';
import type { TrainerOptions } from './options';

type Wished = Pick<TrainerOptions, 'engine' | 'threads' | 'paths'>;

export function engineOptions(options: Wished & Pick<TrainerOptions, 'prepareEngine'>): EngineOptions {
  const { paths, prepareEngine = PREPARE_IN_CLONE } = options;
  const { directories, isGpu, gpuUnfit, unfit } = nativeEngines(options);
  return {
    engine: engineWish(options),
    engineDirectories: directories,
    cacheDirectory: paths.cache,
    wasmDirectory: wasmDirectory(paths),
    prepareEngine,
    ...(isGpu ? { gpu: true } : {}),
    ...(gpuUnfit === undefined ? {} : { gpuUnfit }),
    ...(unfit === undefined ? {} : { unfit }),
  };
}

export function engineWish(options: Wished): EngineWish {
  const { engine = 'auto', threads } = options;
  const prepared = engine === 'wasm' ? undefined : nativeEngines(options).prepared;
  return {
    choice: engine,
    ...(prepared === undefined ? {} : { prepared }),
    ...(threads === undefined ? {} : { threads }),
  };
}

export const isSameWish = (one: EngineWish, other: EngineWish): boolean =>
  one.choice === other.choice && one.prepared === other.prepared && one.threads === other.threads;

interface NativeEngines {
  /** Best first; without one for a GPU that has failed. */
  readonly directories: readonly string[];
  /** Names the engine that would be loaded, and its making: preparing one anew gives another stamp. */
  readonly prepared?: string | undefined;
  readonly isGpu: boolean;
  readonly gpuUnfit?: LabErrorData | undefined;
  /** Why `auto` does not try the one that would be loaded. */
  readonly unfit?: LabErrorData | undefined;
}

function nativeEngines({ engine = 'auto', paths }: Wished): NativeEngines {
  const noted = unfitEngines(paths);
  const gpu = gpuDirectory(paths);
  const gpuStamp = stampOf(gpu);
  const gpuUnfit = gpuStamp === undefined ? undefined : noted[gpuStamp];
  const directories = engineDirectories(paths).filter((folder) => folder !== gpu || gpuUnfit === undefined);
  const prepared = directories.map(stampOf).find((stamp) => stamp !== undefined);
  return {
    directories,
    prepared,
    isGpu: prepared !== undefined && prepared === gpuStamp,
    gpuUnfit,
    unfit: engine === 'auto' && prepared !== undefined ? noted[prepared] : undefined,
  };
}

function stampOf(folder: string): string | undefined {
  const stat = fs.statSync(path.join(folder, 'engine.json'), { throwIfNoEntry: false });
  return stat === undefined ? undefined : `${fs.realpathSync(folder)} ${String(stat.mtimeMs)}`;
}

/** Engines that ended the process that loaded them, by their stamps: none is tried again before it is made anew. */
type UnfitEngines = Readonly<Record<string, LabErrorData | undefined>>;

const unfitFile = ({ cache }: LabPaths): string => path.join(cache, 'engine', 'unfit.json');

function unfitEngines(paths: LabPaths): UnfitEngines {
  try {
    return JSON.parse(fs.readFileSync(unfitFile(paths), 'utf8')) as UnfitEngines;
  } catch {
    return {}; // none has done so, or what was written is torn: trying tells
  }
}

/**
 * Notes an engine that ended the process that loaded it; false: the user has asked for that one, or it was not the engine.
 * One for a GPU is done without whatever is wrong with it: there is another.
 */
export function doneWithout(error: LabError, options: Wished): boolean {
  const { prepared, isGpu, unfit } = nativeEngines(options);
  const { engine = 'auto', paths } = options;
  if (prepared === undefined || unfit !== undefined || engine === 'wasm') return false;
  const mayBeLeft = isGpu ? error.code.startsWith('ENGINE_') : error.code === 'ENGINE_LOAD_FAILED' && engine === 'auto';
  if (!mayBeLeft) return false;
  const there = new Set(engineDirectories(paths).map(stampOf));
  const others = Object.entries(unfitEngines(paths)).filter(([stamp]) => there.has(stamp));
  replaceFileSync(unfitFile(paths), JSON.stringify({ ...Object.fromEntries(others), [prepared]: error.data }));
  return true;
}
