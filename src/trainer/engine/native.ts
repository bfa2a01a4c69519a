/** Finds the native engine, makes this process fit for it, and loads it: TensorFlow through tfjs-node. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import util from 'node:util';
import type { EngineOptions } from '../../protocol/launch';
import type { EngineInfo } from '../../protocol/run';
import { loadNative } from '../../learning/engine/native/load';
import { LearningError } from '../../learning/errors';
import { scratch } from '../scratch';
import {
  engineIncomplete,
  engineLoadFailed,
  engineMissing,
  engineNoGpu,
  engineNotUnpacked,
  engineProbeFailed,
  engineWrongPlatform,
} from './errors';
import { unpackedEngine } from './unpack';

/** engine.json, written beside the binding by `npm run engine`. */
interface EngineManifest {
  readonly package: string;
  readonly tensorflow: string;
  readonly platform: string;
  readonly arch: string;
  /** The GPU that this TensorFlow was prepared for; absent: the processor. */
  readonly gpu?: string;
}

export type NativeOptions = Pick<EngineOptions, 'engineDirectories' | 'prepareEngine' | 'cacheDirectory'>;

/**
 * Loads the first engine that is there and proves it with a real operation.
 * @throws LabError ENGINE_MISSING, ENGINE_INCOMPLETE, ENGINE_UNPACK, ENGINE_WRONG_PLATFORM, ENGINE_LOAD_FAILED, ENGINE_PROBE_FAILED: which step failed.
 */
export async function loadNativeEngine({
  engineDirectories: directories,
  prepareEngine: prepare,
  cacheDirectory,
}: NativeOptions): Promise<EngineInfo> {
  const packed = directories.find((candidate) => fs.existsSync(path.join(candidate, 'engine.json')));
  if (packed === undefined) throw engineMissing(directories, prepare);
  const manifest = readManifest(packed, prepare);

  const here = `${process.platform}-${process.arch}`;
  const built = `${manifest.platform}-${manifest.arch}`;
  if (built !== here) throw engineWrongPlatform(here, built, prepare);

  const directory = await unpackedEngine(packed, cacheDirectory).catch((error: unknown) => {
    throw engineNotUnpacked(packed, cacheDirectory, error);
  });
  const binding = path.join(directory, 'tfjs_binding.node');
  if (!fs.existsSync(binding)) throw engineIncomplete(directory, path.basename(binding), prepare);
  // Upstream's binding is a link: it finds its libraries from where it really lies.
  const realBinding = fs.realpathSync(binding);
  restoreRemovedNodeFunctions();
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // Else TensorFlow takes all memory of the GPU, and a second trainer finds none.
  if (manifest.gpu !== undefined) process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  try {
    bindEverySymbol(realBinding);
    const { kind, version, usesGpu } = await loadNative({ binding: realBinding, scratch });
    const engine = { kind, package: manifest.package, version } as const;
    if (manifest.gpu === undefined) return { ...engine, reason: l10n.t('the native engine is installed') };
    if (usesGpu) return { ...engine, reason: l10n.t('it computes with the GPU ({0})', manifest.gpu) };
    const instead = engineNoGpu(manifest.gpu).data;
    return { ...engine, reason: instead.message, instead };
  } catch (error) {
    const fault = error instanceof LearningError ? error.fault : undefined;
    if (fault?.code === 'ENGINE_WRONG') throw engineProbeFailed(fault.expected, fault.found, prepare);
    throw engineLoadFailed(error, prepare);
  }
}

function readManifest(directory: string, prepare: string): EngineManifest {
  try {
    return JSON.parse(fs.readFileSync(path.join(directory, 'engine.json'), 'utf8')) as EngineManifest;
  } catch (error) {
    throw engineIncomplete(directory, 'engine.json', prepare, error);
  }
}

/**
 * Node binds symbols when they are first called, where a missing one ends the process; bound at once, it is an error.
 * Windows always binds at once.
 */
function bindEverySymbol(binding: string): void {
  if (process.platform !== 'win32') process.dlopen({ exports: {} }, binding, os.constants.dlopen.RTLD_NOW);
}

/** tfjs-node 4.22 calls two helpers that Node 23 removed (tensorflow/tfjs#8609). */
function restoreRemovedNodeFunctions(): void {
  const target = util as unknown as Record<string, unknown>;
  target['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined;
  target['isArray'] ??= Array.isArray;
}
